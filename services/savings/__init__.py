"""Savings: simpanan pokok, wajib, sukarela."""
