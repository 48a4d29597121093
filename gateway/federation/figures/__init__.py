"""What committees counted, added up to one table that says whom it covers."""
