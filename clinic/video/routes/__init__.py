"""HTTP of the video slice."""
