"""User stories of clinic/privacy over HTTP."""
