"""HTML over HTTP: read the form, call once, answer."""
