"""What the web layer keeps, on both databases."""
