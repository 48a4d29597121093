"""阵地 (venues): halls, posts, studios and centres, their spaces, and which towns are covered. The model of a room."""
