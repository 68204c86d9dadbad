"""video functional tests."""
