"""Firms, members who sign in for them, invitations and API keys."""
