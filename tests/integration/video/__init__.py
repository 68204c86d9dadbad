"""video integration tests."""
