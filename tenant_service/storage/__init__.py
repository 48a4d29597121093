"""The database of one committee: engine, column types, unit of work, search, migrations."""
