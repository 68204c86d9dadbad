"""Where the root key lives; one provider a file, chosen by the settings."""
