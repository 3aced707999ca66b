"""A CI engine whose every build step is a WebAssembly plugin in a capability sandbox."""

__version__ = "0.1.0"
