"""`python -m unittest` that also writes each test case to `$RUNNER_RESULT` (docs/PLUGINS.md)."""

import json
import os
import sys
import time
import unittest

WORKSPACE = "/workspace"
MOST_DETAILS = 20_000  # characters of one traceback


class Recorder(unittest.TextTestResult):
    """Keeps a record of each test case; a failing subtest is a case of its own."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.tests = []
        self._started = time.perf_counter()

    def startTest(self, test):
        self._started = time.perf_counter()
        super().startTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._record(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._record(test, "failed", err)

    def addError(self, test, err):
        super().addError(test, err)
        self._record(test, "errored", err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._record(test, "skipped", message=reason)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self._record(test, "passed")

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self._record(test, "failed", message="unexpected success")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            self._record(test, "failed" if is_failure else "errored", err, subtest=subtest)

    def _record(self, test, result, err=None, *, message="", subtest=None):
        suite, name = describe(test)
        if subtest is not None:
            name = f"{name} {subtest._subDescription()}"
        file, line = locate(test, err)
        details = self._exc_info_to_string(err, test) if err else ""
        if err:
            message = summarise(err[0], str(err[1]).strip(), is_unloaded=is_unloaded(test))
        self.tests.append(
            {
                "suite": suite,
                "name": name,
                "result": result,
                "duration": round(time.perf_counter() - self._started, 6),
                "message": message,
                "details": details[-MOST_DETAILS:],
                "file": file,
                "line": line,
            }
        )


class Runner(unittest.TextTestRunner):
    resultclass = Recorder

    def _makeResult(self):
        self.recorder = super()._makeResult()
        return self.recorder

    def run(self, test):
        try:
            return super().run(test)
        finally:  # a test may break off the run
            save(self.recorder.tests)


def main(arguments):
    """Run the tests and exit as `python -m unittest` does."""
    unittest.main(module=None, argv=["python -m unittest", *arguments], testRunner=Runner)


def save(tests):
    path = os.environ.get("RUNNER_RESULT")
    if path:
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"tests": tests}, file)


def summarise(kind, text, *, is_unloaded):
    """Return one line: the first of the error's text, or the cause why a test was not loaded."""
    if is_unloaded and text:
        return text.splitlines()[-1]
    first = text.partition("\n")[0]
    if issubclass(kind, AssertionError) and first:
        return first
    return f"{kind.__name__}: {first}" if first else kind.__name__


def is_unloaded(test):
    """Whether `test` is the loader's stand-in for a module or name that it could not import."""
    return type(test).__module__ == "unittest.loader"


def describe(test):
    """Return the suite and name; what fails outside of a test is named by what it belongs to."""
    method = getattr(test, "_testMethodName", "")
    if is_unloaded(test):
        suite, _, name = method.rpartition(".")
        return suite or "unittest", name or method
    if method:
        return f"{type(test).__module__}.{type(test).__qualname__}", method
    name, _, suite = test.id().partition(" (")
    return suite.rstrip(")") or "unittest", name


def locate(test, err):
    """Return file and line: where it failed within the test's own file, else the test itself."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    while hasattr(method, "__wrapped__"):
        method = method.__wrapped__
    code = getattr(method, "__code__", None)
    module = sys.modules.get(type(test).__module__)
    if code is None or module is None or is_unloaded(test):
        return "", 0
    line = code.co_firstlineno
    trace = err[2] if err else None
    while trace:
        if trace.tb_frame.f_code.co_filename == code.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    path = os.path.abspath(code.co_filename)
    return os.path.relpath(path, WORKSPACE) if path.startswith(f"{WORKSPACE}/") else path, line
