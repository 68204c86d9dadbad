"""Who may do what: actors, permissions and clearances; pure values, low enough for every layer."""
