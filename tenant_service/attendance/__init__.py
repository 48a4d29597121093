"""参与 (attendance): invitations, signing up, waiting list, leave, check-in, and the list of who was there."""
