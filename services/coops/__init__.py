"""Cooperatives as tenants: provisioning and their own settings."""
