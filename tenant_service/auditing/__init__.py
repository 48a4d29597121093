"""审计 (auditing): what the audit administrator looks at, and the heads that committees below tell their parent."""
