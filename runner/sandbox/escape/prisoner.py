"""A process in the jail, as if a guest had broken out of WebAssembly: it tries with Python.

Descriptors: 3 where to report, 4 a folder to write, 5 one to read. Each line of the report is the
name of an act that was not refused.
"""

from __future__ import annotations

import ctypes
import os
import sys

from runner.sandbox.jail import Jail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

REPORT, WRITABLE, READABLE = 3, 4, 5
END = "end"
_CLONE_NEWUSER = 0x10000000

# By machine: system calls that Python has no function for.
_NUMBERS = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "tgkill": (234, 131),
    "mount": (165, 40),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "shmget": (29, 194),
    "memfd_secret": (447, 447),
    "open_by_handle_at": (304, 265),
    "pidfd_open": (434, 434),
    "chroot": (161, 51),
    "init_module": (175, 105),
}


def list_acts(parent: int, outside: str) -> dict[str, Callable[[], object]]:
    """Return what is tried, by name; each act raises OSError if it is refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    column = 0 if os.uname().machine == "x86_64" else 1

    def call(name: str, *arguments: object) -> Callable[[], object]:
        return lambda: _checked(libc.syscall(_NUMBERS[name][column], *arguments))

    return {
        "read a file outside": lambda: os.open(f"{outside}/secret", os.O_RDONLY),
        "write a file outside": lambda: os.open(f"{outside}/victim", os.O_WRONLY),
        "make a file outside": lambda: os.open(f"{outside}/new", os.O_WRONLY | os.O_CREAT),
        "read /etc/passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "list /": lambda: os.listdir("/"),
        "remove a file outside": lambda: os.unlink(f"{outside}/victim"),
        "move a file outside": lambda: os.rename(f"{outside}/victim", f"{outside}/moved"),
        "link a file outside": lambda: os.link(f"{outside}/victim", f"{outside}/linked"),
        "change the mode of a file outside": lambda: os.chmod(f"{outside}/victim", 0o600),
        "truncate a file outside": lambda: os.truncate(f"{outside}/victim", 0),
        "write what may only be read": lambda: os.open(
            f"/proc/self/fd/{READABLE}/kept", os.O_WRONLY
        ),
        "make a device": lambda: os.mknod(
            f"/proc/self/fd/{WRITABLE}/device", 0o600 | 0o020000, os.makedev(1, 3)
        ),
        "read the runner's environment": lambda: os.open(f"/proc/{parent}/environ", os.O_RDONLY),
        "read the runner's memory": lambda: os.open(f"/proc/{parent}/mem", os.O_RDONLY),
        "start a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - to be refused
        "fork": lambda: os.fork() or os._exit(0),
        "signal the runner": lambda: os.kill(parent, 0),
        "signal a thread of the runner": call("tgkill", parent, parent, 0),
        "trace the runner": call("ptrace", 16, parent, 0, 0),
        "read the runner's memory by a call": call("process_vm_readv", parent, 0, 0, 0, 0, 0),
        "get hold of a process": call("pidfd_open", parent, 0),
        "open an Internet socket": call("socket", 2, 1, 0),
        "open a Unix socket": call("socket", 1, 1, 0),
        "open a packet socket": call("socket", 17, 3, 0),
        "make a socket pair": call("socketpair", 1, 1, 0, (ctypes.c_int * 2)()),
        "share memory with others": call("shmget", 0, 4096, 0o1600),
        "mount": call("mount", b"none", b"/", b"tmpfs", 0, None),
        "make a namespace": call("unshare", _CLONE_NEWUSER),
        "enter a namespace": call("setns", REPORT, 0),
        "change the root": call("chroot", b"/"),
        "load a kernel program": call("bpf", 0, None, 0),
        "use io_uring": call("io_uring_setup", 1, ctypes.create_string_buffer(256)),
        "count the kernel's events": call("perf_event_open", None, 0, -1, -1, 0),
        "handle page faults": call("userfaultfd", 1),
        "read the kernel's keys": call("keyctl", 0, -3, 1),
        "open a file by its handle": call("open_by_handle_at", -1, None, 0),
        "load a kernel module": call("init_module", None, 0, b""),
    }


def main() -> None:
    """Enter the jail and try; the only argument is a folder that must stay out of reach."""
    parent = os.getppid()
    acts = list_acts(parent, sys.argv[1])
    jail = Jail(parent)
    jail.enter()
    jail.restrict(
        [(WRITABLE, True), (READABLE, False)],
        memory=1 << 30,
        file_size=1 << 20,
        cpu_time=20.0,
        wall_time=20.0,
    )
    for name, act in acts.items():
        try:
            act()
        except OSError:
            continue
        _say(name)
    _say(END)
    os._exit(0)


def _say(text: str) -> None:
    os.write(REPORT, f"{text}\n".encode())


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
