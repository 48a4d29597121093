"""全文检索: what the rooms' lists would show, found by its words."""
