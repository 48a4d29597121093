"""委员与组织 (members): units in their trees, bodies, persons and what they are; the roster's way in and out."""
