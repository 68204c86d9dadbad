"""The media process: the only place that speaks aiortc. It knows opaque ids, no database and no person."""
