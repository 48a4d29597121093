"""代录: what the office enters for a member from paper or from a call, and what the member says to that."""
