"""All that happens in a run, one frozen record each, in one order."""
