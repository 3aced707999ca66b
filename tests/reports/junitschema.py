"""The elements and attributes that strict readers of JUnit XML know (Jenkins' xunit plugin).

The tables say what `junit-10.xsd` allows; GitLab's rules are those of its documentation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?")
COUNT = re.compile(r"[0-9]+")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
ANY = re.compile(r"(?s).*")

REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"name"},
}
ATTRIBUTES = {
    "testsuites": {"name": ANY, "time": TIME, "tests": COUNT, "failures": COUNT, "errors": COUNT},
    "testsuite": {
        "name": ANY,
        "tests": COUNT,
        "failures": COUNT,
        "errors": COUNT,
        "skipped": COUNT,
        "time": TIME,
        "timestamp": STAMP,
    },
    "testcase": {"name": ANY, "time": TIME, "classname": ANY, "group": ANY},
    "failure": {"message": ANY, "type": ANY},
    "error": {"message": ANY, "type": ANY},
    "skipped": {"message": ANY},
    "system-out": {},
    "system-err": {},
}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase", "system-out", "system-err"},
    "testcase": {"failure", "error", "skipped", "system-out", "system-err"},
}


def complaints(root: Element) -> list[str]:
    """Return what a strict reader would find wrong, and what GitLab would drop."""
    return [*_check(root), *_check_names(root)]


def _check(element: Element) -> Iterator[str]:
    tag = element.tag
    for name in REQUIRED.get(tag, set()) - element.attrib.keys():
        yield f"{tag}: `{name}` is missing"
    for name, value in element.attrib.items():
        pattern = ATTRIBUTES[tag].get(name)
        if pattern is None or not pattern.fullmatch(value):
            yield f"{tag}: `{name}` may not be `{value}`"
    if tag in {"testsuites", "testsuite"} and (element.text or "").strip():
        yield f"{tag}: text is not allowed"
    for child in element:
        if child.tag in CHILDREN.get(tag, set()):
            yield from _check(child)
        else:
            yield f"{tag}: <{child.tag}> is not allowed"


def _check_names(root: Element) -> Iterator[str]:
    seen = set()
    for case in root.iter("testcase"):
        key = case.get("classname"), case.get("name")
        if key in seen or not all(key):
            yield f"testcase: `{key}` is not unique"
        seen.add(key)
