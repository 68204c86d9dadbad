"""What can be done with rooms: open the door, take a seat, let in, say where one is, leave, end."""
