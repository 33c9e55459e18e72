"""How fast and how large: each measure beside what bounds it, in one run on one machine."""
