"""What runner, zygote and workers say to each other: bytes and descriptors on sockets.

A job travels towards the guest and is marshalled. What a worker says comes from a process in which
the guest may have run amok: frames of a kind, a length and so many bytes, read with suspicion
(`dialogue`). `typing`, `socket`, `json` and `struct` are not used because each would add
milliseconds to the zygote's start.
"""

from __future__ import annotations

import _socket
import marshal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_DESCRIPTORS = 253  # SCM_MAX_FD of the kernel
LARGEST_ANSWER = 4096  # bytes

# What a worker may say: that it is done, that its guest calls the host, that it was refused a file.
ANSWER, CALL, REFUSAL = b"a", b"c", b"r"
CHANNEL = 3
"""The descriptor by which a worker speaks with the runner."""

FRAME_HEAD = 5  # bytes of kind and length
LARGEST_OPERATION = 64  # bytes of the name of an operation
LARGEST_REFUSAL = 1024

# What a call may come to instead of a reply, as the guest sees them: negative WASI error numbers.
FAULT, INVALID, TOO_LARGE, NO_HOST, REPLY_TOO_LARGE, NOT_CAPABLE = -21, -28, -35, -52, -61, -76

_LENGTH = 8  # bytes that say how many follow
_PIECE = 1 << 16
_DESCRIPTOR = 4  # bytes of a C int


class Job:
    """A job as the worker reads it; all text is bytes, as the C library wants it.

    `limits` are the fields of abi.Limits in their order. With a job go the descriptors of the
    compiled module, of the pipe for its output, and of each of the `directories`, which are pairs
    of guest path and whether it may be written. `largest_message` is 0 if there is no host to
    call; `rules` are the shim's (shim/back.wat); `kind` is `module` or `component`.
    """

    __slots__ = (
        *("arguments", "cpu_time", "directories", "environment", "export", "file_size", "growth"),
        *("growth_files", "kind", "largest_message", "limits", "memory", "output", "rules"),
        *("stack", "table_elements", "wall_time"),
    )

    def __init__(
        self,
        arguments: Sequence[bytes],
        environment: Sequence[tuple[bytes, bytes]],
        directories: Sequence[tuple[bytes, bool]],
        limits: tuple[float, float, int, int, int, int, int, int, int],
        export: bytes,
        largest_message: int,
        rules: Sequence[int],
        kind: str = "module",
    ) -> None:
        self.arguments = arguments
        self.environment = environment
        self.directories = directories
        self.export = export
        self.largest_message = largest_message
        self.rules = rules
        self.kind = kind
        self.limits = tuple(limits)
        self.wall_time, self.cpu_time, self.memory, self.output, self.file_size, *more = limits
        self.stack, self.table_elements, self.growth, self.growth_files = more

    def encode(self) -> bytes:
        fields = (
            tuple(self.arguments),
            tuple(self.environment),
            tuple(self.directories),
            self.limits,
            self.export,
            self.largest_message,
            tuple(self.rules),
            self.kind,
        )
        return marshal.dumps(fields)

    @classmethod
    def decode(cls, data: bytes) -> Job:
        return cls(*marshal.loads(data))  # noqa: S302 - the runner wrote it


class Answer:
    """What a worker says of its guest; `verdict` is one of abi.Verdict."""

    __slots__ = (
        *("bytes_read", "bytes_written", "cpu_time", "exit_code", "message", "peak_memory"),
        "verdict",
    )

    def __init__(
        self,
        verdict: str,
        *,
        exit_code: int = 0,
        message: str = "",
        peak_memory: int = 0,
        cpu_time: float = 0.0,
        bytes_read: int = 0,
        bytes_written: int = 0,
    ) -> None:
        self.bytes_read = bytes_read
        self.bytes_written = bytes_written
        self.verdict = verdict
        self.exit_code = exit_code
        self.message = message
        self.peak_memory = peak_memory
        self.cpu_time = cpu_time

    def encode(self) -> bytes:
        head = (
            f"{self.verdict} {self.exit_code} {self.peak_memory} {self.cpu_time:.6f}"
            f" {self.bytes_read} {self.bytes_written} "
        )
        return (head + self.message).encode("utf-8", "replace")[:LARGEST_ANSWER]

    @classmethod
    def decode(cls, data: bytes) -> Answer:
        """Parse what may be anything at all; raises ValueError."""
        text = data.decode("utf-8", "replace")
        verdict, exit_code, peak_memory, cpu_time, read, written, message = text.split(" ", 6)
        answer = cls(
            verdict,
            exit_code=int(exit_code),
            peak_memory=int(peak_memory),
            cpu_time=float(cpu_time),
            bytes_read=int(read),
            bytes_written=int(written),
            message="".join(letter if letter.isprintable() else " " for letter in message).strip(),
        )
        sizes = answer.peak_memory, answer.bytes_read, answer.bytes_written
        if not (0 <= answer.exit_code <= 255 and all(0 <= size < 1 << 60 for size in sizes)):
            raise ValueError(text)
        if not 0.0 <= answer.cpu_time < 1e9:
            raise ValueError(text)
        return answer


def frame(kind: bytes, payload: bytes) -> bytes:
    """Return what a worker writes to its channel to say `payload`."""
    return kind + len(payload).to_bytes(FRAME_HEAD - 1, "little") + payload


def send(channel: _socket.socket, data: bytes, descriptors: Sequence[int] = ()) -> None:
    """Send one message with copies of `descriptors`; raises OSError if nobody listens."""
    packed = b"".join(number.to_bytes(_DESCRIPTOR, "little") for number in descriptors)
    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, packed)] if packed else []
    message = len(data).to_bytes(_LENGTH, "little") + data
    sent = channel.sendmsg([message[:_PIECE]], rights)
    if sent < len(message):
        channel.sendall(message[sent:])


def receive(channel: _socket.socket) -> tuple[bytes, list[int]]:
    """Return the next message and the descriptors that came with it; EOFError if none will come.

    For trusted senders: the length is believed.
    """
    space = _socket.CMSG_SPACE(MOST_DESCRIPTORS * _DESCRIPTOR)
    data, rights, _, _ = channel.recvmsg(_PIECE, space, _socket.MSG_CMSG_CLOEXEC)
    if not data:
        raise EOFError
    packed = b"".join(part for _, _, part in rights)
    descriptors = [
        int.from_bytes(packed[start : start + _DESCRIPTOR], "little")
        for start in range(0, len(packed), _DESCRIPTOR)
    ]
    length = int.from_bytes(data[:_LENGTH], "little")
    pieces = [data[_LENGTH:]]
    missing = length - len(pieces[0])
    while missing > 0:
        piece = channel.recv(min(missing, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces), descriptors
