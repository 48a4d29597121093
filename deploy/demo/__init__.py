"""The demo: a whole federation on one machine, with data rebuilt from published figures. Not for production."""
