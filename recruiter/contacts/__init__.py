"""The follow-up log and its reminders."""
