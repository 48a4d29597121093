"""专项计划 (programmes): what is planned with tasks and targets, and how far it has come, counted from rows."""
