"""提案: from a draft and its co-signers over review and filing to what the proposers say of the answer."""
