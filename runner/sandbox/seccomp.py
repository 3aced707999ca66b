"""System calls that no guest causes: refused by the kernel for the rest of the process.

A list of refusals and not of permissions: what Rust's runtime and the C library call differs from
version to version, what an attacker wants does not. Landlock guards the files; this guards the
rest: other programs, other processes, the network, and the kernel's larger attack surfaces.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

# name: (number on x86_64, number on aarch64); None where the machine has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other programs and processes
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "setpriority": (141, 140),
    # the network and other channels between processes
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # metadata that Landlock does not guard
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "truncate": (76, 45),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    # namespaces, mounts, identity
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "unshare": (272, 97),
    "setns": (308, 268),
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setgroups": (116, 159),
    "capset": (126, 91),
    "personality": (135, 92),
    # the kernel itself
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "memfd_secret": (447, 447),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "vmsplice": (278, 75),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
}
_CLONE3 = 435
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}
_CLONE = {"x86_64": 56, "aarch64": 220}
_TGKILL = {"x86_64": 234, "aarch64": 131}
_PRLIMIT64 = {"x86_64": 302, "aarch64": 261}
_X32_BIT = 0x40000000
_CLONE_THREAD = 0x00010000
_OWN_PROCESS = 0xA5C35A3C  # stands for the process id until `install`

# struct seccomp_data: nr, arch, instruction pointer, six 64-bit arguments (little endian)
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_REFUSE = _ERRNO | errno.EPERM


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def build(machine: str) -> bytes:
    """Return the filter for `machine` (`x86_64` or `aarch64`) as BPF instructions.

    The calls above fail with EPERM; a clone that is no thread, a signal to another process and a
    limit for one as well; clone3, whose flags a filter cannot see, with ENOSYS, upon which C
    libraries fall back to clone. A call by the rules of another architecture kills the process.
    """
    column = _COLUMN[machine]
    numbers = [row[column] for row in _REFUSED.values()]
    refused = [number for number in numbers if number is not None]
    code = [
        _instruction(_LOAD, _ARCH),
        _instruction(_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RETURN, _KILL_PROCESS),
        _instruction(_LOAD, _NUMBER),
        _instruction(_AT_LEAST, _X32_BIT, 0, 1),
        _instruction(_RETURN, _REFUSE),
        _instruction(_EQUAL, _CLONE3, 0, 1),
        _instruction(_RETURN, _ERRNO | errno.ENOSYS),
        *_only_if(_CLONE[machine], (0, _ANY_BIT, _CLONE_THREAD)),
        *_only_if(_TGKILL[machine], (0, _EQUAL, _OWN_PROCESS)),
        *_only_if(_PRLIMIT64[machine], (0, _EQUAL, 0)),
        *_search(sorted(refused)),
    ]
    return b"".join(code)


def install(libc: ctypes.CDLL, program: bytes) -> None:
    """Bind this thread and all it starts to `program`, for ever; needs PR_SET_NO_NEW_PRIVS."""
    own = struct.pack("=I", os.getpid())
    program = program.replace(struct.pack("=I", _OWN_PROCESS), own)
    filter_ = _Program(len(program) // 8, program)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), "seccomp")


def _instruction(code: int, constant: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, constant)


def _only_if(number: int, test: tuple[int, int, int]) -> list[bytes]:
    """Refuse the call `number` unless its argument passes (index, comparison, value)."""
    argument, comparison, value = test
    block = [
        _instruction(_LOAD, _ARGUMENT + 8 * argument),
        _instruction(comparison, value, 1, 0),
        _instruction(_RETURN, _REFUSE),
        _instruction(_RETURN, _ALLOW),
    ]
    return [_instruction(_EQUAL, number, 0, len(block)), *block]


def _search(numbers: list[int]) -> list[bytes]:
    """Refuse `numbers`, which are in order, by halving: a plain list takes 0.4 ms to install."""
    if len(numbers) <= 4:
        tests = [
            _instruction(_EQUAL, number, len(numbers) - place, 0)
            for place, number in enumerate(numbers)
        ]
        return [*tests, _instruction(_RETURN, _ALLOW), _instruction(_RETURN, _REFUSE)]
    middle = len(numbers) // 2
    lower, upper = _search(numbers[:middle]), _search(numbers[middle:])
    return [_instruction(_AT_LEAST, numbers[middle], len(lower), 0), *lower, *upper]
