"""Loans: what is owed when, from application to the last installment."""
