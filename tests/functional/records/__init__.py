"""User stories of clinic/records over HTTP."""
