"""Whom a request is put to, and how it is put: in parallel, within one deadline."""
