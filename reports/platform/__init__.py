"""What somebody of the platform reads: subscriptions, tenants, and how things run; no figure of a cooperative."""
