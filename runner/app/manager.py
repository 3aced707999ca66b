"""`runner.PluginManager`: the manager with the real sandbox, for programs of any kind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runner.app.places import cache_folder
from runner.plugins.manager.config import DEFAULT
from runner.plugins.manager.manager import Manager
from runner.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.plugins.manager.config import ManagerConfig


class PluginManager(Manager):
    """A manager whose plugins run in processes of their own; see docs/MANAGER.md.

    `cache` is the absolute path of a folder of ours alone for compiled and fetched modules; by
    default the user's. `on_compile` is told the path of a module before it is compiled, which
    takes seconds.
    """

    def __init__(
        self,
        config: ManagerConfig = DEFAULT,
        *,
        cache: str = "",
        on_compile: Callable[[str], None] | None = None,
    ) -> None:
        cache = cache or cache_folder()
        sandbox = Sandbox(cache=os.path.join(cache, "compiled"), on_compile=on_compile)
        sandbox.start()
        super().__init__(sandbox, cache=cache, config=config)
