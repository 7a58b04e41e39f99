"""Candidate communication for staffing firms: notices, feedback, talent pool, follow-up."""
