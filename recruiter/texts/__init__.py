"""Templates of messages: versions, variables, rendering."""
