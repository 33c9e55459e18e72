"""The read side: frozen dataclasses from the books, and their drawing. Nothing here writes."""
