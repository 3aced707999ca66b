"""Events in, text out. A report reads events and nothing else, so the journal can remake it."""
