"""Payroll deduction: a list goes to the paymaster, a file comes back, and what really came is booked once."""
