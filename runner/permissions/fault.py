"""What is wrong with a permission, told by its place in the data: documents know the line."""

from __future__ import annotations

from runner.records import NamedTuple


class Fault(NamedTuple):
    """`path` leads from the `permissions` mapping to the value: `("filesystem", "read_paths", 0)`.

    `code` is `permission-invalid` for a mistake, `permission-unavailable` for a request that this
    version cannot enforce and therefore refuses.
    """

    path: tuple[str | int, ...]
    code: str
    message: str
    hint: str = ""


INVALID = "permission-invalid"
UNAVAILABLE = "permission-unavailable"
