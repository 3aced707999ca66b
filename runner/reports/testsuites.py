"""A run as JUnit XML: pipeline = testsuites, job = testsuite, step = testcase.

The tests that a step reported stand in a suite of their own after the job's, so that a job's suite
has one case per step. junit-xml makes the elements; what it gets wrong for Jenkins, GitLab and
others is mended here: no `disabled`, plain times with three decimals, a name for the whole.
Imported only when a report is written: junit-xml costs 16 ms.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from junit_xml import TestCase, TestSuite

from runner.events.summary import Status
from runner.reports.labels import denial_label, job_label, one_line, step_label
from runner.reports.xmltext import Budget, clean, log_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from runner.events.model import TestFinished
    from runner.events.summary import JobSummary, RunSummary, StepSummary

_MIB = 1024 * 1024
_LONGEST_NAME = 1000
_LONGEST_TIME = 1e9
_LONGEST_DETAILS = 64 * 1024
_TAIL_LINES = 50
_COUNTS = ("tests", "failures", "errors")
_ATTRIBUTES = {
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "testcase": {"name", "classname", "time", "file", "line"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "system-out": set(),
}
_NOT_STRICT = {"file", "line"}


def render(summary: RunSummary, *, strict: bool = False) -> bytes:
    """Return the document; `strict` leaves out `file` and `line`, which junit-10.xsd refuses."""
    pipeline = one_line(summary.started.pipeline) if summary.started else "pipeline"
    root = ET.Element("testsuites", name=clean(pipeline))
    report = _Report(pipeline, summary)
    for job in summary.jobs:
        root.extend(suite.build_xml_doc() for suite in report.suites(job))
    for element in root.iter():
        _mend(element, left_out=_NOT_STRICT if strict else set())
    for count in _COUNTS:
        root.set(count, str(sum(int(suite.attrib[count]) for suite in root)))
    root.set("time", f"{summary.finished.duration if summary.finished else 0.0:.3f}")
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


class _Report:
    """Builds suites; knows what all of them share: names taken and room for long texts."""

    def __init__(self, pipeline: str, summary: RunSummary) -> None:
        self._pipeline = pipeline
        self._names: dict[tuple[str, str], int] = {}
        self._details = Budget(8 * _MIB)
        room = Budget(12 * _MIB)
        first = sorted(summary.steps, key=lambda step: step.status in {"passed", "skipped"})
        self._logs = {id(step): room.take(log_text(step)) for step in first}

    def suites(self, job: JobSummary) -> Iterator[TestSuite]:
        label = self._unique("", one_line(job_label(job.job, job.leg)))
        classname = f"{_package(self._pipeline)}.{_package(label)}"
        cases = [self._step(step, classname) for step in job.steps]
        yield _suite(label, cases or [self._job(job, classname)], *job.steps)
        for step in job.steps:
            if step.tests:
                tests = [self._test(test, classname) for test in step.tests]
                yield _suite(f"{label} / {_title(step)}", tests, step)

    def _job(self, job: JobSummary, classname: str) -> TestCase:
        """Let a job without steps, such as a skipped one, be seen."""
        case = self._case(one_line(job.name), classname, job.duration)
        _judge(case, job.status, one_line(job.reason))
        return case

    def _step(self, step: StepSummary, classname: str) -> TestCase:
        case = self._case(_title(step), classname, step.duration)
        refused = [denial_label(one) for one in (step.finished.denials if step.finished else ())]
        refusals = clean("\n".join(refused))
        case.stdout = "\n".join(filter(None, (self._logs[id(step)], refusals)))
        kind = step.finished.verdict if step.finished else "unfinished"
        details = "" if step.status == Status.SKIPPED else log_text(step, most=_TAIL_LINES)
        details = "\n".join(filter(None, (refusals, details)))
        _judge(case, step.status, step.reason, self._details.take(details), kind)
        return case

    def _test(self, test: TestFinished, classname: str) -> TestCase:
        within = ".".join(filter(None, (classname, one_line(test.suite))))
        case = self._case(one_line(test.name), within, test.duration)
        case.file = clean(test.file)
        case.line = str(test.line or "")
        details = self._details.take(clean(test.details[:_LONGEST_DETAILS]))
        _judge(case, test.result, test.message, details)
        return case

    def _case(self, name: str, classname: str, duration: float) -> TestCase:
        name = self._unique(classname, name or "unnamed")
        seconds = duration if 0 <= duration < _LONGEST_TIME else 0.0  # a guest may say `nan`
        return TestCase(name, clean(classname[:_LONGEST_NAME]), seconds)

    def _unique(self, classname: str, name: str) -> str:
        """Return a name no other case of this class has: GitLab drops the second of two."""
        name = unique = clean(name[:_LONGEST_NAME])
        # Where to go on counting, or a guest's thousands of equal names would take hours.
        number = self._names.get((classname, name), 1)
        while (classname, unique) in self._names:
            number += 1
            unique = f"{name} #{number}"
        self._names[classname, name] = number
        self._names.setdefault((classname, unique), 1)
        return unique


def _suite(name: str, cases: list[TestCase], *steps: StepSummary) -> TestSuite:
    started = min((step.started.time for step in steps if step.started), default=None)
    stamp = None if started is None else time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(started))
    return TestSuite(name, cases, timestamp=stamp)


def _judge(case: TestCase, status: str, reason: str, details: str = "", kind: str = "") -> None:
    """Enter what `status` says; the reason stands in the text too, which is all GitLab shows."""
    message = clean(one_line(reason)[:_LONGEST_NAME]) or status
    text = f"{message}\n{details}" if details else message
    if status == Status.FAILED:
        case.add_failure_info(message, text)
    elif status == Status.SKIPPED:
        case.add_skipped_info(message, text)
    elif status != Status.PASSED:
        case.add_error_info(message, text, kind or status)


def _mend(element: Element, *, left_out: set[str]) -> None:
    allowed = _ATTRIBUTES.get(element.tag)
    if allowed is None:
        return
    if "time" in allowed:
        element.set("time", f"{float(element.get('time', '0')):.3f}")
    for name in element.attrib.keys() - (allowed - left_out):
        del element.attrib[name]


def _title(step: StepSummary) -> str:
    return step_label(step.step, one_line(step.name))


def _package(name: str) -> str:
    """Return a part of a class name; Jenkins cuts those at dots."""
    return name.replace(".", "_")
