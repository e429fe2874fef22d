"""Who gets what of a common gain, and who would rather leave."""
