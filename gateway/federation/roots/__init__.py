"""The kinds of root fields: each is one module, with all that is particular to it from the question to the answer."""
