"""Wire shapes of rooms and device tests."""
