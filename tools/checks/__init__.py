"""Checks of what ruff, mypy and svelte-check do not look at."""
