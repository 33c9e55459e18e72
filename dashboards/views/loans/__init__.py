"""Loans: of all members for the board, one's own for a member, and the simulator for everybody."""
