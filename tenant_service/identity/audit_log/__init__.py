"""What is done with the audit log once it is written: chained, checked, signed off, listed, left to a parent."""
