"""The consent decision from values alone: codes, provisions, relationships, law, and the one decision."""
