"""Who acts, what they may do, and what is noted of it."""
