"""What a mechanism is worth and who gains by lying: on one book, and on average."""
