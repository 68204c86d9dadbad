"""The wire shapes of scheduling: every field listed, everything else refused by name."""
