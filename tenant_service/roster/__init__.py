"""名册: a roster from a stranger's file to people on the list, and out again."""
