"""video rules unit tests."""
