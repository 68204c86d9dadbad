"""Who is on call: the rota and its rules, colleagues who step in, urgent calls and whom they go to."""
