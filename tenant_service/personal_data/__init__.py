"""个人信息 (personal data): what is held of one person, what left of it, reveal, export to its subject, erasing."""
