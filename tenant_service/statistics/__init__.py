"""指标 (statistics): what this committee counts, per indicator, month, kind and day; told to its parent as values."""
