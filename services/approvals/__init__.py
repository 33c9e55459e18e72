"""Deciding requests: which action runs which command once a second person agreed."""
