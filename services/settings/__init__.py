"""Figures that a regulator or a members' meeting decides: dated, per cooperative, never constants in code."""
