"""关联: typed links between records, for every room alike."""
