"""What a call may do, decided from values alone: messages, seats, tickets, opening times."""
