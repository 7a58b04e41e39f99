"""Measures the product on a firm with twenty thousand people, on both databases."""
