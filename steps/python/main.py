"""Runs what `python FILE`, `python -m MODULE` or `python -c CODE` would, in the step's folder.

CPython compiled to WASI starts in `/` whatever the host says, so this comes first: it goes to
`$PWD`, sets `sys.path` and `sys.argv` as the interpreter does, and steps out of the way.
"""

import os
import sys
from types import ModuleType

USAGE = "usage: python [--directory=DIR] (-m MODULE | -c CODE | FILE) [ARGUMENT …]"
WITHOUT_EFFECT = frozenset({"-u", "-B"})  # output is sent line by line, bytecode never written


def main(arguments):
    """Return only if there is nothing to run; else leave as the program leaves."""
    sys.stdout.reconfigure(line_buffering=True)
    os.chdir(os.environ.get("PWD", "/"))
    while arguments and (arguments[0] in WITHOUT_EFFECT or arguments[0].startswith("--directory=")):
        _, _, folder = arguments.pop(0).partition("=")
        os.chdir(folder or ".")
    os.environ["PWD"] = os.getcwd()
    mend_path()
    sys.excepthook = show_exception
    if len(arguments) > 1 and arguments[0] == "-m":
        run_module(arguments[1], arguments[2:])
    elif len(arguments) > 1 and arguments[0] == "-c":
        run_source(arguments[1], "<string>", path="", argv=["-c", *arguments[2:]])
    elif arguments and not arguments[0].startswith("-"):
        run_file(arguments[0], arguments[1:])
    else:
        sys.exit(f"{USAGE}\ngive one of the inputs `script`, `module` and `code`")


def mend_path():
    """Make the relative entries of `PYTHONPATH`, made absolute in `/`, mean what they would here."""
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(":") if entry]
    meant = {f"/{os.path.normpath(entry)}": os.path.abspath(entry) for entry in given}
    sys.path[1:] = [meant.get(entry.removeprefix("/"), entry) for entry in sys.path[1:]]


def run_module(name, arguments):
    import runpy

    if name == "unittest":
        import unittest_recorder

        sys.path[0] = os.getcwd()
        unittest_recorder.main(arguments)
    sys.path[0] = os.getcwd()
    sys.argv = ["-m", *arguments]
    sys.modules["__main__"] = ModuleType("__main__")
    runpy._run_module_as_main(name)  # what the interpreter itself calls for -m


def run_file(path, arguments):
    with open(path, "rb") as file:
        source = file.read()
    run_source(source, path, path=os.path.dirname(os.path.abspath(path)), argv=[path, *arguments])


def run_source(source, filename, *, path, argv):
    """Run `source` as the module `__main__`, which stays in place until the interpreter ends."""
    module = ModuleType("__main__")
    module.__builtins__ = __builtins__
    if filename != "<string>":
        module.__file__ = filename
    sys.modules["__main__"] = module
    sys.path[0] = path
    sys.argv = argv
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)


def show_exception(kind, error, trace):
    """Show the traceback from the program's first line on."""
    hidden = {__file__, "<frozen runpy>"}
    while trace and trace.tb_frame.f_code.co_filename in hidden:
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


if __name__ == "__main__":
    main(sys.argv[1:])
