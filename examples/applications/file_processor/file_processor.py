"""Runs plugins of the kind `file-processor` over the files of a folder, one result a file.

A plugin takes the path of a file as its input `file`, sees that file alone, and leaves a JSON
value. What any of them does to one file cannot reach another file, the network or this machine.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from runner import ExecutionContext, InvalidInput, Limits, ManagerConfig, PluginManager

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KIND = "file-processor"
PLUGINS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plugins")
SECONDS = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Process a folder as the command line says; return the exit code."""
    options = _parse(arguments)
    config = ManagerConfig(
        concurrency=options.jobs,
        kinds=(KIND,),
        folders=(options.plugins,),
        limits=Limits(wall_time=SECONDS, memory=256 << 20),
    )
    with PluginManager(config) as manager:
        for problem in manager.problems:
            print(f"warning: {problem}", file=sys.stderr)
        failures = count = 0
        try:
            for result in process(manager, options.folder, options.plugin, options.pattern):
                print(json.dumps(result, ensure_ascii=False), flush=True)
                failures += not result["success"]
                count += 1
        except InvalidInput as error:
            print("\n".join(map(str, error.problems)), file=sys.stderr)
            return 2
    print(f"{count} results, {failures} failures", file=sys.stderr)
    return 1 if failures else 0


def process(
    manager: PluginManager, folder: str, plugins: Sequence[str], pattern: str = "*"
) -> Iterator[dict[str, Any]]:
    """Yield a result for each file below `folder` and each plugin, in the order of the files.

    `plugins` are ids, none for all that are loaded. Raises InvalidInput for one that is not.
    """
    names = [manager.status(plugin).plugin for plugin in plugins]
    names = names or [manifest.id for manifest in manager.list()]
    work = [(file, name) for file in _find(folder, pattern) for name in names]

    def run(task: tuple[str, str]) -> dict[str, Any]:
        file, name = task
        context = ExecutionContext(workspace=folder)
        result = manager.execute(name, context, {"file": file})
        return {
            "file": file,
            "plugin": f"{name}@{result.version}",
            "success": result.is_success,
            "value": result.value,
            "errors": [str(problem) for problem in result.errors],
            "milliseconds": round(1000 * result.duration, 1),
        }

    # The manager lets as many through at once as it was told; more would only wait there.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from threads.map(run, work)


def _find(folder: str, pattern: str) -> Iterator[str]:
    """Yield the plain files below `folder`, relative to it and sorted; links are left alone."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(place, name)
            if fnmatch.fnmatch(name, pattern) and not os.path.islink(path):
                yield os.path.relpath(path, folder)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", help="whose files are processed")
    parser.add_argument("--pattern", default="*", help="names of files, such as '*.md'")
    parser.add_argument("--plugin", action="append", default=[], help="an id; all by default")
    parser.add_argument("--plugins", default=PLUGINS, help="the folder that holds the plugins")
    parser.add_argument("--jobs", type=int, default=0, help="at once; as many as cores by default")
    options = parser.parse_args(arguments)
    if not os.path.isdir(options.folder):
        parser.error(f"`{options.folder}` is not a folder")
    return options


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly where `| head` has seen enough
    sys.exit(main())
