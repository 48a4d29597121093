"""表单 (forms): quizzes, surveys, registrations and open calls; what is answered stays at home."""
