"""Build and check tools of the project; nothing here runs in a clinic."""
