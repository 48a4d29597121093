"""What people look at: alarms, receipts, letters that could not be shown, and whether all of it holds together."""
