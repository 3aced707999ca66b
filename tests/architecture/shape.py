"""The shape of a package, read from its syntax trees without importing it."""

from __future__ import annotations

import ast
import io
import os
import tokenize
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SKIPPED = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


class Module(NamedTuple):
    """`lines` is the raw length; a function's size is its code lines without its docstring."""

    path: str
    lines: int
    functions: tuple[tuple[str, int], ...]
    public: int
    own_imports: int
    untyped: int


def measure_package(root: str) -> list[Module]:
    """Measure every module below `root` that has any code."""
    return [
        _measure(path, os.path.relpath(path, root))
        for path in _sources(root)
        if os.path.getsize(path)
    ]


def import_graph(root: str) -> dict[str, set[str]]:
    """Return module → modules of the same package it imports when it is loaded."""
    package = os.path.basename(root)
    paths = {_module_name(path, root, package): path for path in _sources(root)}
    return {name: _imported(path, set(paths)) - {name} for name, path in paths.items()}


def strong_components(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components (Tarjan), each sorted."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            start = stack.index(name)
            found.append(sorted(stack[start:]))
            del stack[start:]

    for name in graph:
        if name not in index:
            visit(name)
    return found


def _sources(root: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(("_", ".")))
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(".py"))


def _module_name(path: str, root: str, package: str) -> str:
    parts = os.path.relpath(path, root).removesuffix(".py").split(os.sep)
    return ".".join([package, *parts]).removesuffix(".__init__")


def _imported(path: str, known: set[str]) -> set[str]:
    found = set()
    for node in _loaded(_parse(path).body):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                member = f"{node.module}.{alias.name}"
                found.add(member if member in known else node.module)
    return found & known


def _loaded(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run on import; `if TYPE_CHECKING` does not."""
    for node in body:
        if isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.unparse(node.test):
                yield from _loaded(node.body)
            yield from _loaded(node.orelse)
        elif isinstance(node, ast.Try):
            yield from _loaded(node.body)
        else:
            yield node


def _measure(path: str, name: str) -> Module:
    tree = _parse(path)
    with open(path, encoding="utf-8") as file:
        source = file.read()
    code = _code_lines(source) - _docstring_lines(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    sizes = tuple(
        (node.name, len(code & set(range(node.lineno, (node.end_lineno or node.lineno) + 1))))
        for node in functions
    )
    return Module(
        name,
        source.count("\n"),
        sizes,
        sum(not symbol.startswith("_") for symbol in _symbols(tree)),
        len(_own_imports(tree)),
        sum(_untyped(node) for node in functions),
    )


def _parse(path: str) -> ast.Module:
    with open(path, encoding="utf-8") as file:
        return ast.parse(file.read())


def _code_lines(source: str) -> set[int]:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _SKIPPED:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines


def _docstring_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)) and ast.get_docstring(node):
            first = node.body[0]
            lines.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def _symbols(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _own_imports(tree: ast.Module) -> set[str]:
    modules = {node.module or "" for node in _loaded(tree.body) if isinstance(node, ast.ImportFrom)}
    return {module for module in modules if module.startswith("runner.")}


def _untyped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
    bare = [
        argument
        for argument in arguments
        if argument.annotation is None and argument.arg not in {"self", "cls", "mcs"}
    ]
    return len(bare) + (node.returns is None)
