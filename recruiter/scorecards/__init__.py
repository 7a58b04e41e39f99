"""What interviewers wrote down: for the team, and as far as they say so for the candidate."""
