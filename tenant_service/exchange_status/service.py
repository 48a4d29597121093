"""What people do where the exchange is not whole: dead letters are tried again, alarms are acknowledged."""

from collections.abc import Collection
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal
from tenant_service.exchange import alarms
from tenant_service.exchange.alarms import Alarm
from tenant_service.exchange.copies import Place
from tenant_service.exchange.projecting import Projector
from tenant_service.exchange.watching import dead_letters, replaying
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

MOST_NAMED = 100
"""Logs or places that one act may name; all are tried where none is."""


@dataclass(frozen=True)
class Outcome:
    """What came of a replay.

    Attributes:
        shown: Records that are shown as they count now, or rightly no more.
        failed: Events that failed again; they are dead letters still.
        waiting: Records that this release cannot show yet.
        remaining: Dead letters that stand now, these and others.
        after: The last record that was tried, where there are more: an act tries a few hundred; "": there are none.
    """

    shown: int
    failed: int
    waiting: int
    remaining: int
    after: str


def replay(
    unit: Unit, actor: Actor, projector: Projector, *, logs: Collection[str] = (), places: Collection[Place] = (),
    after: str = "",
) -> Outcome:  # fmt: skip
    """重新处理: what could not be shown is tried again, of these logs or these dead letters only, where some are named.

    `after`: only records behind this one, as an earlier outcome says.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, too many are named.
    """
    actor.require(UseCase.RUN_SYNC)
    if len(logs) > MOST_NAMED or len(places) > MOST_NAMED:
        raise Refusal(Code.BAD_VALUE, field="letters", why=str(MOST_NAMED))
    note_replay(unit, actor, logs, places)
    came = replaying.replay(unit, projector, after=after, logs=logs, places=places)
    remaining = sum(dead_letters.counted(unit.session).values())
    return Outcome(len(came.shown), len(came.failed), len(came.waiting), remaining, came.after)


def note_replay(unit: Unit, actor: Actor, logs: Collection[str], places: Collection[Place]) -> None:
    """The audit log says who has what tried again."""
    named = [*logs, *(f"{place.log}@{place.epoch}/{place.seq}" for place in places)]
    for each in named or [unit.committee]:
        audit.note(unit, actor, "exchange.replay", each[:160])


def acknowledge(unit: Unit, actor: Actor, log: str, code: str, times: int) -> Alarm:
    """已知悉: somebody of ours has seen this alarm as it was raised `times` times; raised again, it is open again.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, STALE_VERSION, ALREADY_DONE.
    """
    actor.require(UseCase.RUN_SYNC)
    known = alarms.acknowledge(unit, log, code, times, actor.sub)
    audit.note(unit, actor, f"exchange.acknowledge.{code}"[:160], log)
    return known
