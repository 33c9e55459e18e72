"""What people are told: in the app at once, by mail when somebody can send it."""
