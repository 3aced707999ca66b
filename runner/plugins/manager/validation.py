"""What validators say of a plugin before anybody loads it."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

from runner.documents.reader import examine
from runner.errors import Problem, RunnerError
from runner.plugins.manager import admission, loading
from runner.plugins.reader import SCHEMA
from runner.plugins.rules import find_problems
from runner.plugins.validators import read_subject, validate
from runner.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.permissions import Permissions
    from runner.plugins.manager.config import ManagerConfig
    from runner.plugins.manager.loading import Description, Wasm


class ValidationReport(NamedTuple):
    """`findings` have a severity, a code, a place and, as hint, advice; errors come first."""

    findings: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        """Whether nothing that was found is an error."""
        return all(finding.severity != "error" for finding in self.findings)


def report(
    wasm: Wasm,
    manifest: Description,
    *,
    config: ManagerConfig,
    known: Mapping[str, Permissions],
    cache: str,
) -> ValidationReport:
    """Look at a plugin without running it; what cannot be read is a finding, too.

    `known` is what the loaded plugins request, by id.
    """
    findings: list[Problem] = []
    try:
        findings += _look(wasm, manifest, known, cache, config)
    except RunnerError as error:
        findings += error.problems
    unique = dict.fromkeys(findings)
    return ValidationReport(tuple(sorted(unique, key=lambda one: one.severity != "error")))


def _look(
    wasm: Wasm,
    manifest: Description,
    known: Mapping[str, Permissions],
    cache: str,
    config: ManagerConfig,
) -> list[Problem]:
    text = loading.read_text(manifest)
    _, found = examine(text.file, text.content, SCHEMA, rules=find_problems)
    if any(problem.severity == "error" for problem in found):
        return list(found)
    source = loading.read_source(wasm, manifest)
    with tempfile.TemporaryDirectory(prefix="runner-plugins-") as root:
        plugin = loading.store(source, root=root, cache=cache).plugin
        modules = {}
        for name, entry in source.manifest.entry_points.items():
            if entry.module is not None:
                with open(plugin.modules[name].path, "rb") as file:
                    modules[name] = entry.module.path, file.read()
    blocked = config.policy.blocked if config.policy else frozenset[str]()
    approved = known.get(source.manifest.id)
    subject = read_subject(text.file, text.content, modules, approved=approved, blocked=blocked)
    return [*found, *validate(subject), *_admit(source, config)]


def _admit(source: loading.Source, config: ManagerConfig) -> tuple[Problem, ...]:
    try:
        admission.check(source.manifest, config)
    except RunnerError as error:
        return error.problems
    return ()
