"""The tests."""

import gc

# Until there is an application: what is imported and collected stays, and looking through it takes a seventh of that.
gc.disable()
