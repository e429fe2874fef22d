"""What makes a figure interactive: controls, frames, the live widget and the page."""
