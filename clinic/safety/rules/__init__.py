"""Pure rules of the safety slice."""
