"""Candidates and applications from CSV and spreadsheet files."""
