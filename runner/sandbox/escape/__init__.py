"""Attempts to break out of the sandbox, shipped so that users can check their own machine."""
