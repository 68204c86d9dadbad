"""video unit tests."""
