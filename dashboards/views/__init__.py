"""One module per noun, named after the service it shows."""
