"""HTTP and sockets: guards, problems, limits and the typed seams to Flask's libraries."""
