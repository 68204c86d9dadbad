"""Groups: sessions for several people, and the seats in them."""
