"""The demo cooperatives, told as a story through services: nothing here writes a table itself."""
