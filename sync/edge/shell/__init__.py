"""The frame every page hangs in: templates, words in two languages, formats, charts, static files, sheets."""
