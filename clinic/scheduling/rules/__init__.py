"""What values alone decide about time: zones, opening hours, free slots, booking policy."""
