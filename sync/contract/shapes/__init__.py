"""The public shape of each kind of record, as every committee reads it."""
