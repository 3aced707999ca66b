"""What no schema can say about a manifest. Documents of any shape come here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runner import permissions
from runner.documents.nodes import Mapping, Node, Scalar, Sequence, plain
from runner.errors import InvalidInput, Problem
from runner.permissions import units
from runner.plugins import inputs, patterns, templates, versions
from runner.plugins.manifest import HOST, read_parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runner.documents.nodes import Document

MAX_STACK = 2 * units.parse_size("1MiB")
_WRONG_SHAPE = (TypeError, AttributeError, KeyError)


def find_problems(document: Document) -> list[Problem]:
    """Return everything wrong with a manifest that the schema did not see."""
    root = document.root
    if not isinstance(root, Mapping):
        return []
    found = [
        *_check_id(root),
        *_check_permissions(root),
        *_check_templates(root),
        *_check_entry_points(root),
        *_check_parameters(root),
        *_check_secrets(root),
        *_check_resources(root),
        *_check_dependencies(root),
    ]
    return [
        Problem(code, message, document.position(node), hint) for node, code, message, hint in found
    ]


_Found = tuple[Node, str, str, str]


def _check_id(root: Mapping) -> Iterator[_Found]:
    node = root.get("id")
    if isinstance(node, Scalar) and str(node.value).startswith(HOST):
        message = f"the namespace `{HOST[:-1]}` is that of the host's features"
        yield node, "plugin-id", message, "take a namespace of your own"


def _check_permissions(root: Mapping) -> Iterator[_Found]:
    request = root.get("permissions")
    if not isinstance(request, Mapping):
        return
    try:
        _, faults = permissions.parse(plain(request))
    except _WRONG_SHAPE:  # the schema says which
        return
    for fault in faults:
        yield _at(request, fault.path), fault.code, fault.message, fault.hint


def _check_templates(root: Mapping) -> Iterator[_Found]:
    declared = {str(name.value) for name, _ in _entries(root.get("inputs"))}
    filesystem = _child(_child(root, "permissions"), "filesystem")
    texts = [*_items(_child(filesystem, "read_paths")), *_items(_child(filesystem, "write_paths"))]
    for _, entry_point in _entries(root.get("entry_points")):
        texts += _items(_child(entry_point, "arguments"))
        texts += [value for _, value in _entries(_child(entry_point, "environment"))]
    for node in texts:
        if isinstance(node, Scalar) and isinstance(node.value, str):
            message, hint = templates.find_fault(node.value, declared)
            if message:
                yield node, "expression", message, hint


def _check_entry_points(root: Mapping) -> Iterator[_Found]:
    needed = [str(name.value) for name, _ in _entries(root.get("dependencies"))]
    for _, entry_point in _entries(root.get("entry_points")):
        module = _child(entry_point, "module")
        path = module if isinstance(module, Scalar) else _child(module, "path")
        for kind, node in (("module", path), ("script", _child(entry_point, "script"))):
            if isinstance(node, Scalar) and isinstance(node.value, str):
                _, fault = inputs.TYPES["path"](node.value)
                if fault:
                    hint = "write the path of a file in the plugin's folder or package"
                    message = f"{kind} `{node.value}` lies outside its folder"
                    yield node, "module-path", message, hint
        interpreter = _child(entry_point, "interpreter")
        if isinstance(interpreter, Scalar) and interpreter.value not in needed:
            message = f"interpreter `{interpreter.value}` is not among the `dependencies`"
            hint = f"write `dependencies: {{{interpreter.value}: RANGE}}`"
            yield interpreter, "dependency-missing", message, hint


def _check_parameters(root: Mapping) -> Iterator[_Found]:
    for name, node in (*_entries(root.get("inputs")), *_entries(root.get("outputs"))):
        pattern = _child(node, "pattern")
        if isinstance(pattern, Scalar) and isinstance(pattern.value, str):
            fault = patterns.find_fault(pattern.value)
            if fault:
                yield pattern, "input-pattern", f"pattern `{pattern.value}` {fault}", ""
                continue
        try:
            declared = read_parameter(str(name.value), plain(node))
            inputs.check({declared.name: declared._replace(required=False)}, {})
        except InvalidInput as error:
            place = _child(node, "default") or node
            for problem in error.problems:
                yield place, "input-default", problem.message, "change the default"
        except _WRONG_SHAPE:  # the schema says which
            continue


def _check_secrets(root: Mapping) -> Iterator[_Found]:
    for name, node in _entries(root.get("outputs")):
        secret = _child(node, "secret")
        if isinstance(secret, Scalar) and secret.value is True:
            message = f"output `{name.value}` cannot be a secret: the plugin itself made it"
            yield secret, "output-secret", message, "leave `secret` out"
    for name, node in _entries(root.get("inputs")):
        secret, default = _child(node, "secret"), _child(node, "default")
        if isinstance(secret, Scalar) and secret.value is True and default is not None:
            message = f"input `{name.value}` is a secret, and its default is known to all"
            yield default, "input-default", message, "leave `default` out"


def _check_resources(root: Mapping) -> Iterator[_Found]:
    stack = _child(root.get("resources"), "stack")
    if isinstance(stack, Scalar) and isinstance(stack.value, int | str):
        try:
            is_too_much = units.parse_size(stack.value) > MAX_STACK
        except ValueError:
            return
        if is_too_much:
            most = units.format_size(MAX_STACK)
            yield stack, "resource-limit", f"a stack can be at most {most}", ""


def _check_dependencies(root: Mapping) -> Iterator[_Found]:
    own = root.get("id")
    for name, node in _entries(root.get("dependencies")):
        if isinstance(own, Scalar) and own.value == name.value:
            yield name, "dependency-cycle", "a plugin cannot need itself", "leave it out"
        if isinstance(node, Scalar) and isinstance(node.value, str):
            try:
                versions.parse_range(node.value)
            except ValueError as error:
                yield node, "dependency-range", str(error), ""


def _at(root: Node, path: Iterable[str | int]) -> Node:
    """Return the deepest node on `path` that exists."""
    node = root
    for step in path:
        deeper: Any = None
        if isinstance(node, Mapping) and isinstance(step, str):
            deeper = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            deeper = node.items[step]
        if deeper is None:
            break
        node = deeper
    return node


def _child(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()
