"""Feedback points, competencies and outcome codes."""
