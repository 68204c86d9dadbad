"""The slice's wire shapes."""
