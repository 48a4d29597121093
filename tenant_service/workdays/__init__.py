"""工作日: due dates in days on which people work."""
