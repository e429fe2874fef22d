"""The market plane of a day: curves go up, prices come down."""
