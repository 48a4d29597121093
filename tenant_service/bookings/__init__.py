"""预约: seats, visits and rooms of venues, booked by anybody and received at the desk. Nothing of it travels."""
