"""What the platform sells: plans, terms and their invoices, payment, and what happens when nobody pays."""
