"""What comes out of which chimney when load moves on the linear network."""
