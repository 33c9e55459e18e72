"""Members: application, approval, exit."""
