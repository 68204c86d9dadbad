"""Programs of others that read what the clinic writes."""
