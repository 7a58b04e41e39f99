"""Clients, the jobs they want filled, and what each job requires."""
