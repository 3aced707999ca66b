"""JUnit XML as Jenkins, GitLab and others read it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.events.fold import summarise
from runner.events.journal import Journal, read_journal
from runner.events.model import JobFinished, RunStarted, StepOutput, TestFinished
from runner.reports.junit import JUnit
from runner.reports.testsuites import render
from runner.reports.xmltext import LEFT_OUT
from tests.events.samples import LEG, finished, sample_run
from tests.reports.junitschema import complaints
from tests.reports.settings import setting_for

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from runner.events.model import Event


def document(events: list[Event], *, strict: bool = True) -> Element:
    return parse(render(summarise(events), strict=strict))


def parse(data: bytes) -> Element:
    return ET.fromstring(data)  # noqa: S314 - our own, and the standard library's reader


def one_case(*events: Event) -> Element:
    case = document(list(events)).find("testsuite/testcase")
    assert case is not None
    return case


def test_a_run_is_valid_for_strict_readers() -> None:
    """Every element, attribute and number is one that Jenkins' schema allows."""
    assert complaints(document(sample_run())) == []


def test_files_of_tests_are_told_unless_strict() -> None:
    """GitLab and GitHub link to `file` and `line`; Jenkins' schema refuses them."""
    root = document(sample_run(), strict=False)
    assert [
        (case.get("file"), case.get("line")) for case in root.iter("testcase") if case.get("file")
    ] == [("t.py", "4")]
    assert len(complaints(root)) == 2


def test_a_job_is_a_suite_with_one_case_for_each_step() -> None:
    """Steps and the tests they reported are not mixed; a job that was skipped is seen."""
    suites = {
        suite.get("name"): [(case.get("classname"), case.get("name")) for case in suite]
        for suite in document(sample_run())
    }
    leg = "Shop.test (3_11, true)"
    assert suites == {
        "build": [("Shop.build", "01 Compile"), ("Shop.build", "02 Keep")],
        "lint": [("Shop.lint", "01 Lint")],
        "test (3.11, true)": [(leg, "01 Unit tests"), (leg, "02 Report")],
        "test (3.11, true) / 01 Unit tests": [
            (f"{leg}.shop.Cart", "test_add"),
            (f"{leg}.shop.Cart", "test_sum"),
            (f"{leg}.shop.Cart", "test_net"),
        ],
        "deploy": [("Shop.deploy", "deploy")],
    }


def test_another_reader_counts_the_same() -> None:
    """The package junitparser reads back suites, counts, times and results."""
    report = junitparser.JUnitXml.fromstring(render(summarise(sample_run())))
    assert (report.tests, report.failures, report.errors, report.time) == (9, 2, 1, 9.0)
    suites = {suite.name: suite for suite in report}
    tests = suites["test (3.11, true) / 01 Unit tests"]
    assert (tests.tests, tests.failures, tests.errors, tests.skipped) == (3, 1, 0, 1)
    assert suites["build"].time == pytest.approx(1.35)
    assert suites["build"].timestamp == "2023-11-14T22:13:20"


def test_failed_errored_and_skipped_are_told_apart() -> None:
    """The step said no, we could not do it, it did not run: three elements, each with a reason."""
    failed = one_case(finished("job", 0, "step", conclusion="failure", exit_code=3))
    errored = one_case(
        finished("job", 0, "step", conclusion="failure", verdict="trapped", message="unreachable")
    )
    skipped = one_case(finished("job", 0, "step", conclusion="skipped", message="`if` is false"))
    cancelled = one_case(
        finished("job", 0, "step", conclusion="cancelled", verdict="cancelled", exit_code=None)
    )
    passed = one_case(finished("job", 0, "step"))
    cases = [
        [(child.tag, child.get("type"), child.get("message"), child.text) for child in case]
        for case in (failed, errored, skipped, cancelled, passed)
    ]
    assert cases == [
        [("failure", "failure", "exit code 3", "exit code 3")],
        [("error", "trapped", "unreachable", "unreachable")],
        [("skipped", None, "`if` is false", "`if` is false")],
        [("error", "cancelled", "cancelled", "cancelled")],
        [],
    ]


def test_a_result_without_a_reason_is_still_told() -> None:
    """junit-xml alone would write a failure that has no message as a pass."""
    test = TestFinished("job", None, 0, "", "", "failed")
    cases = list(document([test, finished("job", 0, "step")]).iter("testcase"))
    assert [(case.get("name"), [child.tag for child in case]) for case in cases[1:]] == [
        ("unnamed", ["failure"])
    ]


def test_text_is_made_fit_for_xml() -> None:
    """Colours and illegal characters are gone, and a guest names no file to attach."""
    text = "\x1b[31mred\x1b[0m \x00\x08\ufffe\udcff ]]> <&> [[ATTACHMENT|/etc/passwd]]"
    out = one_case(StepOutput("job", None, 0, text), finished("job", 0, "step")).findtext(
        "system-out"
    )
    assert out == "red \ufffd\ufffd ]]> <&> [ [ATTACHMENT|/etc/passwd]]"


def test_names_are_unique() -> None:
    """Where a reader would drop the second of two, the second is numbered."""
    events: list[Event] = []
    legs: list[dict[str, object]] = [{"x": "1"}, {"x": 1}, {"x": "\x1b[m1"}]
    for leg in legs:
        events += [
            TestFinished("job", leg, 0, "suite", "same", "passed"),
            TestFinished("job", leg, 1, "suite", "same", "passed"),
            finished("job", 0, "step", leg=leg),
            finished("job", 1, "step", leg=leg),
        ]
    assert complaints(document(events)) == []


def test_many_equal_names_are_cheap() -> None:
    """A plugin that reports thousands of tests of one name does not hold the report up."""
    test = TestFinished("job", None, 0, "suite", "same", "passed")
    clash = test._replace(name="same #3")
    data = document([clash, *[test] * 20_000, finished("job", 0, "step")])
    names = [case.get("name") for case in data.iter("testcase")]
    assert len(names) == len(set(names)) == 20_002


@pytest.mark.parametrize("duration", [float("nan"), float("inf"), -1.0, 1e300, 1e-9, 12345.6789])
def test_times_have_three_decimals(duration: float) -> None:
    """No exponent, no sign, no word, whatever a plugin reports."""
    test = TestFinished("job", None, 0, "suite", "test", "passed", duration)
    assert complaints(document([test, finished("job", 0, "step", duration=abs(duration))])) == []


def test_a_report_stays_below_what_gitlab_takes() -> None:
    """Long logs are cut at their start; of very many, those of failed steps are kept."""
    lines: list[Event] = [StepOutput("job", None, 0, "<&>" * 300)] * 100
    events: list[Event] = []
    for step in range(400):
        conclusion = "failure" if step > 390 else "success"
        events += [line._replace(step=step) for line in lines if isinstance(line, StepOutput)]
        events.append(finished("job", step, "step", conclusion=conclusion))
    data = render(summarise(events))
    assert len(data) < 30_000_000
    logs = [case.findtext("system-out") or "" for case in parse(data).iter("testcase")]
    assert logs.count(LEFT_OUT) > 0
    assert LEFT_OUT not in logs[391:]
    assert logs[399].startswith("(28 lines before)\n<&>")


def test_a_report_can_be_made_again_from_the_journal(tmp_path: Path) -> None:
    """Live events and journaled ones give the same bytes."""
    journal = Journal(str(tmp_path / "journal.jsonl"))
    report = JUnit(setting_for(tmp_path))
    for event in sample_run():
        journal.write([event])
        report.handle([event])
    journal.close()
    report.finish(summarise(sample_run()))
    again = render(summarise(read_journal(str(tmp_path / "journal.jsonl"))))
    assert again == (tmp_path / "junit.xml").read_bytes()
    assert {"journal.jsonl", "junit.xml"} == {path.name for path in tmp_path.iterdir()}


def test_a_run_that_broke_off_is_valid_and_not_green() -> None:
    """With any number of events missing at the end the report is valid."""
    events = sample_run()
    for count in range(len(events)):
        assert complaints(document(events[:count])) == []
    assert document(events[:5]).find("testsuite/testcase/error") is not None


@given(st.text(), st.text(), st.sampled_from(["passed", "failed", "errored", "skipped", "odd"]))
def test_any_text_is_valid_xml(name: str, text: str, result: str) -> None:
    """Names and texts of any characters make a document that strict readers take."""
    events: list[Event] = [
        RunStarted("r", name, text, "0", 0.0, (name,)),
        StepOutput(name, LEG, 0, text),
        TestFinished(name, LEG, 0, text, name, result, 0.0, text, text, name, 1),
        finished(name, 0, text, conclusion="failure", message=text, leg=LEG, exit_code=None),
        JobFinished(text, {text: name}, name, "skipped", text, 0.0, 0.0),
    ]
    assert complaints(document(events)) == []
