"""factories tests."""
