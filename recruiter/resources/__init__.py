"""What helps candidates further: a library of guides, practice and courses that a firm curates."""
