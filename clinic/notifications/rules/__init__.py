"""What notifications decide from values alone."""
