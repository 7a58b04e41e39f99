"""What a person may ask about their data; so far: to be erased."""
