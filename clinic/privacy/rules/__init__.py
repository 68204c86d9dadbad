"""What the privacy centre makes of the trail, from values alone."""
