"""Help: what people write to us and to their pengurus, and when the operator may look into a cooperative."""
