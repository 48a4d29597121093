"""Who is in the federation, whose key is whose, and what is believed of whom."""
