"""通知 (notifications): who is told of what, by which way, and what became of it. It imports no other room."""
