"""The data store: one model base, one engine for two databases, one commit place."""
