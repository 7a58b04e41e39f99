"""The candidate's private page and what comes back from it."""
