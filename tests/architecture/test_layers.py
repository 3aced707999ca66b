"""The import contracts, the size budgets and the absence of cycles, as the papers promise them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.shape import Module, import_graph, measure_package, strong_components

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEAVY = (
    *("argparse", "asyncio", "click", "dataclasses", "git", "httpx", "inspect", "jsonschema"),
    *("junit_xml", "logging", "pathlib", "shutil", "subprocess", "tempfile", "wasmtime", "yaml"),
)
LOADED = "runner.__main__, runner.cli.start, runner.app.start, runner.app.run"
PACKAGE = os.path.join(ROOT, "runner")


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    return measure_package(PACKAGE)


def test_import_contracts_hold() -> None:
    """Imports point down, and every outside library has one importing folder."""
    done = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_import_cycle() -> None:
    """No two modules import each other, however far around."""
    cycles = [group for group in strong_components(import_graph(PACKAGE)) if len(group) > 1]
    assert cycles == []


def test_module_sizes(modules: list[Module]) -> None:
    """Modules: median at most 110 lines, 95th percentile 300, none over 400."""
    lines = sorted(module.lines for module in modules)
    assert [module.path for module in modules if module.lines > 400] == []
    assert _percentile(lines, 0.95) <= 300
    assert _percentile(lines, 0.5) <= 110


def test_function_sizes(modules: list[Module]) -> None:
    """Functions: median at most 8 code lines, 95th percentile 30, none over 60."""
    functions = [(size, module.path, name) for module in modules for name, size in module.functions]
    sizes = sorted(size for size, _, _ in functions)
    assert [entry for entry in functions if entry[0] > 60] == []
    assert _percentile(sizes, 0.95) <= 30
    assert _percentile(sizes, 0.5) <= 8


def test_public_names_and_own_imports(modules: list[Module]) -> None:
    """At the 95th percentile a module has at most 10 public names and 8 imports of our own."""
    assert _percentile(sorted(module.public for module in modules), 0.95) <= 10
    assert _percentile(sorted(module.own_imports for module in modules), 0.95) <= 8


def test_every_module_is_typed(modules: list[Module]) -> None:
    """No parameter and no result is without its type."""
    assert [module.path for module in modules if module.untyped] == []


def test_hot_path_stays_light() -> None:
    """Importing the program pulls in none of the libraries that a plain run does not need."""
    code = f"import sys, {LOADED}; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _percentile(ordered: list[int], share: float) -> int:
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
