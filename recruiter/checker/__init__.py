"""The feedback checker: written rules run on what a recruiter writes, pure and without a network."""
