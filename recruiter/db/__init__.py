"""The database: base classes, engine, and the two blocks through which everything reads and writes."""
