"""Kopmin: what pengurus, bendahara and pengawas see. Views read, call one service, and answer."""
