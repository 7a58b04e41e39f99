"""What every page and API route shares."""
