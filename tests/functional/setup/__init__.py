"""Setting a clinic up over HTTP."""
