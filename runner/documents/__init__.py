"""Bytes to positioned, schema-valid data (YAML 1.2 core; JSON Schema from schemas/)."""
