"""Hearing of what changes: who waits, and what each of them is told."""
