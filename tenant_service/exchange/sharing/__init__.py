"""With whom a record of ours is shared, and what others shared with us."""
