"""What came of asking, and the pieces of a client's answer that are made of it."""
