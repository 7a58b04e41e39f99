"""Notices: compose, preview, hold, withdraw; the letter, its page and its link."""
