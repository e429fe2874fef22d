"""The figures of the book, a file a domain."""
