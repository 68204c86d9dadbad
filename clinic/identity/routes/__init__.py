"""The slice's HTTP routes; each file holds one subject and its blueprint."""
