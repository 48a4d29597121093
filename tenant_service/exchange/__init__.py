"""What leaves this committee and what arrives: outbox, inbox, sharing choices."""
