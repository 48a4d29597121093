"""Lists as people keep them in spreadsheets: the file, its heads, its cells."""
