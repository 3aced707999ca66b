"""A worker: the process, forked by the zygote, that runs one guest and ends."""

from __future__ import annotations

import _socket
import os
import resource

from runner.sandbox.engine import LARGEST_STACK, Engine, Stopped
from runner.sandbox.guest import Guest
from runner.sandbox.hostcalls import CHANNEL
from runner.sandbox.messages import ANSWER, Answer, Job, frame, receive

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes
    from collections.abc import Sequence

    from runner.sandbox.jail import Jail

_STDERR = 2


def serve(channel: int, *, engine: Engine, rehearsal: ctypes.c_void_p, jail: Jail) -> None:
    """Wait for one job on `channel`, run it, answer. The caller must end the process then.

    Everything that does not depend on the job is done before it comes.
    """
    _keep_only(channel, engine.descriptors)
    socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, fileno=CHANNEL)
    refusal = _enter(jail)
    _rehearse(engine, rehearsal)
    try:
        data, descriptors = receive(socket)
    except EOFError:
        return
    answer = refusal or _run(Job.decode(data), descriptors, engine=engine, jail=jail)
    os.write(CHANNEL, frame(ANSWER, answer.encode()))


def _keep_only(channel: int, descriptors: set[int]) -> None:
    """Close what belongs to other steps: all but the channel, now the lowest, and these."""
    os.dup2(channel, CHANNEL, inheritable=False)
    first = CHANNEL + 1
    for descriptor in sorted(descriptors):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, 1 << 20)


def _enter(jail: Jail) -> Answer | None:
    try:
        jail.enter()
    except OSError as error:
        return Answer("crashed", message=f"the sandbox cannot be set up: {error}")
    return None


def _rehearse(engine: Engine, rehearsal: ctypes.c_void_p) -> None:
    """Go through a job's motions: the first time costs a millisecond of page faults after a fork.

    Only what starts no thread: no output, no call to WASI.
    """
    job = Job.decode(Job([b"rehearsal"], [(b"a", b"b")], [(b"/", False)], (0,) * 9).encode())
    guest = Guest(engine, rehearsal, memory=1 << 20, table_elements=1)
    try:
        guest.show(
            arguments=job.arguments,
            environment=job.environment,
            directories=[(b"/", b"/", False)],
            output=None,
        )
        Answer("exited", exit_code=guest.run(job.export), peak_memory=guest.peak_memory()).encode()
    except Stopped:
        return  # the job will meet the same trouble and tell
    finally:
        guest.close()


def _run(job: Job, descriptors: Sequence[int], *, engine: Engine, jail: Jail) -> Answer:
    started = _cpu_time()
    guest = None
    try:
        guest = _prepare(job, descriptors, engine=engine, jail=jail)
        answer = Answer("exited", exit_code=guest.run(job.export))
    except Stopped as stopped:
        answer = Answer(stopped.verdict, message=stopped.message)
    except OSError as error:
        answer = Answer("crashed", message=f"the sandbox cannot be set up: {error}")
    if guest:
        answer.peak_memory = guest.peak_memory()
    answer.cpu_time = _cpu_time() - started
    return answer


def _prepare(job: Job, descriptors: Sequence[int], *, engine: Engine, jail: Jail) -> Guest:
    wall_time, cpu_time, memory, _, file_size, stack, table_elements, *_ = job.limits
    module, output, *opened = descriptors
    # What the runtime itself has to say when it panics belongs to this step's output.
    os.dup2(output, _STDERR)
    if stack > LARGEST_STACK:
        raise Stopped("denied", f"a stack of {stack} bytes exceeds the largest, {LARGEST_STACK}")
    if stack not in {0, engine.stack}:
        engine = Engine(engine.path, stack=stack)
    engine.host.largest = job.largest_message
    linked = engine.load(module)
    directories = [
        (_path(descriptor), guest, writable)
        for descriptor, (guest, writable) in zip(opened, job.directories, strict=True)
    ]
    jail.restrict(
        [(descriptor, row[2]) for descriptor, row in zip(opened, directories, strict=True)],
        memory=memory,
        file_size=file_size,
        cpu_time=cpu_time,
        wall_time=wall_time,
    )
    guest = Guest(engine, linked, memory=memory, table_elements=table_elements)
    guest.show(
        arguments=job.arguments,
        environment=job.environment,
        directories=directories,
        output=_path(output),
    )
    return guest


def _path(descriptor: int) -> bytes:
    return b"/proc/self/fd/%d" % descriptor


def _cpu_time() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
