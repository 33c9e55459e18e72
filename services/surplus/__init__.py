"""SHU (sisa hasil usaha): what a book year leaves, and how it comes back to members."""
