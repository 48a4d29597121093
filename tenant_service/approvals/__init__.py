"""审签 (approvals): what whoever signs looks at after it left at once."""
