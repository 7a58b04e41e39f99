"""Promises, calendars and the hours in which a notice may leave."""
