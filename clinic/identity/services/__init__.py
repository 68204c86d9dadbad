"""The slice's use cases; each file holds one subject."""
