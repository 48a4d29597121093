"""How rooms count for the indicators: what each gives to `statistics`, which lays it out in months."""
