"""What notes are made of and what may happen to them, decided from values alone."""
