"""WebAssembly binaries read without running them: their outline, and what they could do."""

from runner.plugins.wasm.outline import Export, Import, Malformed, Outline, read_outline

__all__ = ["Export", "Import", "Malformed", "Outline", "read_outline"]
