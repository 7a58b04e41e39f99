"""Measures the product on a firm with twenty thousand people, on both databases."""

import recruiter.tables  # noqa: F401 - each table knows its neighbours before a query is built
