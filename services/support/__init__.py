"""Help: what people write to us and to their pengurus, what is new and comes, when the operator may look inside."""
