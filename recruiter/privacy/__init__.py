"""What a person may ask about their data, and how long it is kept: to be erased, or held."""
