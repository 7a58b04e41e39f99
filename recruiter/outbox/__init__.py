"""Every outgoing message as a row, each try as an attempt, and the worker that hands them to the relay."""
