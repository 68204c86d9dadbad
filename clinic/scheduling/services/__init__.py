"""What scheduling does: hold, book, change and attend visits; keep the catalogue and the hours."""
