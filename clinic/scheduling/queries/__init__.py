"""What scheduling reads: the catalogue, free slots, appointments."""
