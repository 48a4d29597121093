"""What a client's selection comes to, against the joint schema."""
