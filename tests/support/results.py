"""What a run came to, job by job and step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.events.model import StepFinished, SubstepFinished

if TYPE_CHECKING:
    from tests.support.project import Outcome


def conclusions(outcome: Outcome) -> dict[str, dict[str, str]]:
    """Return job → step → conclusion; a step is called by its id, else by its name.

    The steps of actions stand beside those that use them, as `2.1 id`.
    """
    found: dict[str, dict[str, str]] = {}
    for event in outcome.events:
        if isinstance(event, StepFinished):
            found.setdefault(event.job, {})[event.id or event.name] = event.conclusion
        elif isinstance(event, SubstepFinished):
            name = f"{event.path} {event.id or event.name}"
            found.setdefault(event.job, {})[name] = event.conclusion
    return found


def messages(outcome: Outcome) -> dict[str, str]:
    """Return step → why it ended as it did; a step is called by its id, else by its name."""
    return {
        event.id or event.name: event.message
        for event in outcome.events
        if isinstance(event, (StepFinished, SubstepFinished))
    }
