"""Subscriptions over many committees, fed by the home of whoever listens."""
