"""One module per permission group; each fills the protocol of `runner.permissions.model`."""
