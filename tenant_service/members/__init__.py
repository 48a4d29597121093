"""委员与组织 (members): units in their trees, bodies, persons and what they are, and what a roster says of them."""
