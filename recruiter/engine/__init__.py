"""The work engine: what runs by itself, and what wakes it. It carries no content and no due times."""
