"""办理经过: which record went from where to where, when, by whom and why, for every room alike."""
