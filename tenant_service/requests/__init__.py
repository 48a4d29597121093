"""请求 (requests): acts on other committees' records, as records of our own; and our answers to theirs."""
