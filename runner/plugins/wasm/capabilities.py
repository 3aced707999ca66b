"""What a binary could do at all, told by what it imports: nothing else leads out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.plugins.wasm.outline import Import, Outline

WASI = "wasi_snapshot_preview1"
HOST = "runner"
HOST_FUNCTIONS = frozenset({"call", "reply"})

_READ = "read files"
_WRITE = "write and remove files"
_OUTPUT = "use open files and its output"
_SOCKETS = "use sockets that it is given (there are none)"
_BY_NAME = {
    "read arguments": ("args_get", "args_sizes_get"),
    "read environment variables": ("environ_get", "environ_sizes_get"),
    "read the clock": ("clock_res_get", "clock_time_get"),
    "get random bytes": ("random_get",),
    "wait": ("poll_oneoff", "sched_yield"),
    "end with an exit code": ("proc_exit", "proc_raise"),
    _READ: ("path_open", "path_filestat_get", "path_readlink", "fd_readdir"),
    _WRITE: (
        *("path_create_directory", "path_link", "path_rename", "path_symlink"),
        *("path_remove_directory", "path_unlink_file", "path_filestat_set_times"),
        *("fd_allocate", "fd_filestat_set_size", "fd_filestat_set_times"),
    ),
    _OUTPUT: (
        *("fd_advise", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags"),
        *("fd_fdstat_set_rights", "fd_filestat_get", "fd_pread", "fd_prestat_get"),
        *("fd_prestat_dir_name", "fd_pwrite", "fd_read", "fd_renumber", "fd_seek", "fd_sync"),
        *("fd_tell", "fd_write"),
    ),
    _SOCKETS: ("sock_accept", "sock_recv", "sock_send", "sock_shutdown"),
}
FUNCTIONS = {name: text for text, names in _BY_NAME.items() for name in names}
_BY_INTERFACE = {
    "wasi:cli/environment": "read arguments and environment variables",
    "wasi:clocks/": "read the clock",
    "wasi:random/": "get random bytes",
    "wasi:filesystem/": "read and write files",
    "wasi:sockets/": _SOCKETS,
    "wasi:http/": "send HTTP requests (which is not offered)",
    "wasi:io/": _OUTPUT,
    "wasi:cli/": _OUTPUT,
}
_ASK_HOST = "ask the host for HTTP, messages and other plugins"


def list_capabilities(outline: Outline) -> tuple[str, ...]:
    """Return what the binary could do if everything were granted, in plain words, sorted."""
    return tuple(sorted({_tell(one) for one in outline.imports}))


def is_known(one: Import) -> bool:
    """Whether this host provides an import of a module."""
    if one.kind != "function":
        return False
    return (one.module == WASI and one.name in FUNCTIONS) or asks_host(one)


def asks_host(one: Import) -> bool:
    return one.module == HOST and one.name in HOST_FUNCTIONS


def _tell(one: Import) -> str:
    if one.module == WASI and one.name in FUNCTIONS:
        return FUNCTIONS[one.name]
    if asks_host(one):
        return _ASK_HOST
    for prefix, text in _BY_INTERFACE.items():
        if one.module.startswith(prefix):
            return text
    shown = f"{one.module}.{one.name}" if one.name else one.module
    return f"call `{ascii(shown)[1:-1]}`, which this host does not have"
