"""A worker: the process, forked by the zygote, that runs one guest and ends."""

from __future__ import annotations

import _socket
import os
import resource

from runner.sandbox.engine import LARGEST_STACK, Engine
from runner.sandbox.guest import Guest
from runner.sandbox.messages import ANSWER, CHANNEL, Answer, Job, frame, receive
from runner.sandbox.stopped import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Sequence

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
    guest = _make_guest(engine)
    try:
        data, descriptors = receive(socket)
    except EOFError:
        return
    if isinstance(guest, Answer):
        answer = refusal or guest
    else:
        job = Job.decode(data)
        answer = refusal or _run(job, descriptors, guest=guest, engine=engine, jail=jail)
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


def _make_guest(engine: Engine) -> Guest | Answer:
    try:
        return Guest(engine)
    except Stopped as stopped:
        return Answer(stopped.verdict, message=stopped.message)


def _rehearse(engine: Engine, rehearsal: ctypes.c_void_p) -> None:
    """Go through a job's motions: the first time costs a millisecond of page faults after a fork.

    Only what starts no thread: no output, no call to WASI.
    """
    job = Job.decode(
        Job(
            [b"rehearsal"],
            [(b"a", b"b")],
            [(b"/", False)],
            (0,) * 9,
            b"_start",
            largest_message=0,
            rules=(0,) * 7,
        ).encode()
    )
    guest = None
    try:
        guest = Guest(engine)
        guest.limit(memory=1 << 20, table_elements=1)
        guest.show(
            arguments=job.arguments,
            environment=job.environment,
            directories=[(b"/", b"/", False)],
            output=None,
        )
        exit_code = guest.run(rehearsal, job.export, job.rules)
        Answer("exited", exit_code=exit_code, peak_memory=guest.peak_memory()).encode()
    except Stopped:
        return  # the job will meet the same trouble and tell
    finally:
        if guest is not None:
            guest.close()


def _run(
    job: Job, descriptors: Sequence[int], *, guest: Guest, engine: Engine, jail: Jail
) -> Answer:
    started = _cpu_time()
    try:
        if job.stack not in {0, engine.stack}:
            guest, engine = _rebuild(engine, job.stack)
        run = _prepare(job, descriptors, guest=guest, engine=engine, jail=jail)
        answer = Answer("exited", exit_code=run())
    except Stopped as stopped:
        answer = Answer(stopped.verdict, message=stopped.message)
    except OSError as error:
        answer = Answer("crashed", message=f"the sandbox cannot be set up: {error}")
    answer.peak_memory = guest.peak_memory()
    answer.bytes_read, answer.bytes_written = guest.usage()
    answer.cpu_time = _cpu_time() - started
    return answer


def _rebuild(engine: Engine, stack: int) -> tuple[Guest, Engine]:
    """Make an engine with another stack than the usual one."""
    if stack > LARGEST_STACK:
        raise Stopped("denied", f"a stack of {stack} bytes exceeds the largest, {LARGEST_STACK}")
    other = Engine(engine.path, stack=stack)
    other.stand_between(engine.codes)
    return Guest(other), other


def _prepare(
    job: Job, descriptors: Sequence[int], *, guest: Guest, engine: Engine, jail: Jail
) -> Callable[[], int]:
    """Restrict this process to the job, show the guest its world, return what runs it."""
    code, output, *opened = descriptors
    # What the runtime itself has to say when it panics belongs to this step's output.
    os.dup2(output, _STDERR)
    run = _load(code, job, guest=guest, engine=engine)
    directories = [
        (_path(descriptor), guest_path, writable)
        for descriptor, (guest_path, writable) in zip(opened, job.directories, strict=True)
    ]
    jail.restrict(
        [(descriptor, row[2]) for descriptor, row in zip(opened, directories, strict=True)],
        memory=job.memory,
        file_size=job.file_size,
        cpu_time=job.cpu_time,
        wall_time=job.wall_time,
    )
    engine.host.largest = job.largest_message
    engine.watch.limit(
        [path for path, _, writable in directories if writable],
        size=job.growth,
        names=job.growth_files,
    )
    guest.limit(
        memory=job.memory, table_elements=job.table_elements, is_component=job.kind == "component"
    )
    guest.show(
        arguments=job.arguments,
        environment=job.environment,
        directories=directories,
        output=_path(output),
    )
    return run


def _load(code: int, job: Job, *, guest: Guest, engine: Engine) -> Callable[[], int]:
    if job.kind == "module":
        module = engine.load(code)
        return lambda: guest.run(module, job.export, job.rules)
    from runner.sandbox.component import Component  # no module's worker needs it

    component = Component(engine.library, engine.handle, _path(code))
    return lambda: component.run(guest.context)


def _path(descriptor: int) -> bytes:
    return b"/proc/self/fd/%d" % descriptor


def _cpu_time() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
