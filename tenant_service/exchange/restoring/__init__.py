"""After a restored backup: what readers gave back, and what became of it."""
