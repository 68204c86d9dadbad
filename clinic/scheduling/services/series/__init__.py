"""Series: plan their dates, book them whole, change one, some or all of them."""
