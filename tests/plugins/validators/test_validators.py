"""What validators say of good plugins, bad ones and hostile ones; one contract for all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from runner import permissions
from runner.errors import Position, Problem
from runner.plugins import validators
from runner.plugins.validators import VALIDATORS, Subject, list_validators, read_subject, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

WASI = "wasi_snapshot_preview1"
COMMAND = '(memory (export "memory") 1) (func (export "_start"))'


def make(
    wat: str | bytes = f"(module {COMMAND})",
    *,
    approved: dict[str, Any] | None = None,
    blocked: frozenset[str] = frozenset(),
    **fields: Any,
) -> Subject:
    data = wat if isinstance(wat, bytes) else bytes(wasmtime.wat2wasm(wat))
    entry = {"module": "tool.wasm", **fields.pop("main", {})}
    manifest = {"id": "a/b", "version": "1.0.0", "entry_points": {"main": entry}, **fields}
    before = None if approved is None else permissions.parse(approved)[0]
    text = json.dumps(manifest, indent=1).encode()
    modules = {"main": ("plug/tool.wasm", data)}
    return read_subject("plug/step.yml", text, modules, approved=before, blocked=blocked)


def codes(subject: Subject) -> list[str]:
    return [finding.code for finding in validate(subject)]


def test_a_sound_plugin_is_passed_in_silence() -> None:
    """Nothing is said where there is nothing to say."""
    assert validate(make()) == ()


def imports(*names: str) -> str:
    return "".join(f'(import "{WASI}" "{name}" (func))' for name in names)


@pytest.mark.parametrize(
    ("wat", "fields", "expected"),
    [
        (b"not wasm", {}, "module-malformed"),
        (b"\0asm\x01\0\0\0\x01", {}, "module-malformed"),
        (f'(module (import "env" "f" (func)) {COMMAND})', {}, "import-unknown"),
        (f'(module (import "{WASI}" "fd_reed" (func)) {COMMAND})', {}, "import-unknown"),
        (f'(module (import "runner" "cal" (func)) {COMMAND})', {}, "import-unknown"),
        ('(module (memory (export "memory") 1))', {}, "export-missing"),
        (f"(module {COMMAND})", {"main": {"export": "run"}}, "export-missing"),
        ('(component (import "f" (func)) (export "g" (func 0)))', {}, "export-missing"),
        ('(module (func (export "_start")))', {}, "memory-missing"),
        (f"(module (func $s) (start $s) {COMMAND})", {}, "start-function"),
        (f'(module (import "runner" "call" (func)) {COMMAND})', {}, "import-unrequested"),
        (
            f"(module {COMMAND})",
            {"permissions": {"network": {"allowed_domains": ["a.test"]}}},
            "permission-unused",
        ),
        (
            f"(module {imports('random_get')} {COMMAND})",
            {"permissions": {"system": {"system_time": False}}},
            "random-repeats",
        ),
        (f"(module {COMMAND})", {"resources": {"memory": "1KiB"}}, "memory-limit"),
        ('(module (memory (export "memory") 5000) (func (export "_start")))', {}, "memory-large"),
        (
            '(module (memory (export "memory") 1 2 shared) (func (export "_start")))',
            {},
            "memory-shared",
        ),
        (f"(module {COMMAND} (func (loop (br 0))))", {}, "loop-endless"),
        (
            f"(module {COMMAND})",
            {"permissions": {"filesystem": {"write_paths": ["."]}}},
            "permission-wide",
        ),
        (
            f"(module {COMMAND})",
            {"permissions": {"system": {"spawn_processes": ["*"]}}},
            "permission-wide",
        ),
        (
            f"(module {COMMAND})",
            {"permissions": {"network": {"allowed_domains": ["a.test"], "require_https": False}}},
            "permission-plain-http",
        ),
        (
            f"(module {COMMAND})",
            {
                "permissions": {"network": {"allowed_domains": ["*"]}},
                "inputs": {"token": {"secret": True}},
            },
            "permission-leak",
        ),
        (
            f"(module {COMMAND})",
            {
                "permissions": {
                    "network": {"allowed_domains": ["a.test"]},
                    "system": {"env_vars": ["*"]},
                }
            },
            "permission-leak",
        ),
    ],
)
def test_each_fault_is_told(wat: str | bytes, fields: dict[str, Any], expected: str) -> None:
    """With its code, a place and, where there is one, advice."""
    found = [one for one in validate(make(wat, **fields)) if one.code == expected]
    assert found
    assert found[0].where
    assert found[0].where.file.startswith("plug/")


def test_growth_since_the_approved_version_is_told() -> None:
    """The YAML of what it adds, and nothing if it asks for no more."""
    request = {"filesystem": {"read_paths": ["."], "write_paths": ["dist"]}}
    (finding,) = validate(make(permissions=request, approved={"filesystem": {"read_paths": ["."]}}))
    assert (finding.code, finding.severity) == ("permission-growth", "error")
    assert finding.hint == "it adds grant: {filesystem: {write_paths: [dist]}}"
    assert finding.where == Position("plug/step.yml", 9, 17)
    assert validate(make(permissions=request, approved=request)) == ()


def test_modules_known_to_be_bad_are_refused() -> None:
    """By digest, whatever their name."""
    digest = make().binaries["main"].digest
    assert codes(make(blocked=frozenset({digest}))) == ["module-blocked"]


def test_errors_come_first() -> None:
    """What keeps a plugin from running stands above what is doubtful."""
    subject = make(
        f'(module (import "env" "f" (func)) (func $s) (start $s) {COMMAND})',
        permissions={"filesystem": {"write_paths": ["."]}},
    )
    severities = [finding.severity for finding in validate(subject)]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


@pytest.mark.parametrize("name", VALIDATORS)
@given(data=st.data())
def test_every_validator_bears_any_module(name: str, data: st.DataObject) -> None:
    """The contract: findings with code, text, severity and place for whatever the bytes are."""
    seed = bytes(wasmtime.wat2wasm(f"(module {imports('fd_write', 'path_open')} {COMMAND})"))
    content = bytearray(seed)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(8, len(seed) - 1), st.integers(0, 255)), max_size=8)
    ):
        content[place] = byte
    subject = make(bytes(content), permissions={"network": {"allowed_domains": ["*"]}})
    for finding in list_validators()[name].check(subject):
        assert finding.code
        assert finding.message
        assert "\n" not in finding.message
        assert finding.message.isprintable()
        assert finding.severity in {"error", "warning"}
        assert finding.where
        assert finding.code != "validator-failed"


class _Entry:
    """What an installed package would offer."""

    def __init__(self, name: str, check: Any) -> None:
        self.name = name
        self._check = check

    def load(self) -> Any:
        return type(self.name, (), {"check": staticmethod(self._check)})


def _flood(subject: Subject) -> Iterator[Problem]:
    while True:
        yield Problem("other-found", "x", subject.place())


def _fail(_: Subject) -> Iterator[Problem]:
    raise RecursionError("too deep")


def test_others_join_and_cannot_do_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A validator of another package is asked; one that fails or floods is told, not obeyed."""
    entries = [_Entry("acme", _flood), _Entry("broken", _fail), _Entry("structure", _fail)]
    monkeypatch.setattr(validators, "_entry_points", lambda: entries)
    found = codes(make())
    assert found.count("other-found") == validators.MOST_FINDINGS
    assert {"validator-floods", "validator-failed"} <= set(found)
    assert found.count("validator-failed") == 1  # ours is not replaced
