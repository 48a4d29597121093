"""管理 (administration): who has an account and which roles; who opens and closes them, and who gives roles."""
