"""People, their addresses and skills."""
