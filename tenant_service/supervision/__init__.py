"""民主监督 (supervision): campaigns over policies, works and bodies, what they find, and what becomes of it."""
