"""规程 (procedures): steps by which matters are handled, as versioned data; what each step needs before it is left."""
