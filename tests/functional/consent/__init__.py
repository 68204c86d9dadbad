"""User stories of clinic/consent over HTTP."""
