"""What may happen to what lies in the inbox of another committee's body. Pure: no clock, no database, no network."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sync.contract.shapes.handovers import HandlingAct
from sync.contract.shapes.items import AssignmentState
from tenant_service.assignments.rules import STATES, Act

DOES = {
    HandlingAct.ACCEPT: Act.ACCEPT, HandlingAct.ASK_TO_RETURN: Act.ASK_TO_RETURN,
    HandlingAct.ASK_EXTENSION: Act.ASK_EXTENSION, HandlingAct.REPLY: Act.REPLY,
}  # fmt: skip
"""What the body does → the act on its assignment."""
SAYS_WHY = frozenset(each.value for each in (
    Act.UPHOLD, Act.REFUSE_EXTENSION, Act.RESCHEDULE, Act.SEND_BACK, Act.REOPEN, Act.WITHDRAW
))  # fmt: skip
"""Acts whose reason the body is told."""
LONGEST_OPINION, MOST_OPINIONS = 1_000, 20
"""Of what a lead is told of 会办 opinions, so that the record never outgrows an event."""


def moment(signed: dt.datetime, turn: dt.datetime, arrived: dt.datetime) -> dt.datetime:
    """When something was done that another committee says it did then: never before it could be, or after we heard."""
    return max(turn, min(signed, arrived))


def expected(state: AssignmentState, waiting: Iterable[HandlingAct]) -> AssignmentState:
    """Where the assignment will stand when its owner has taken over what is on its way, one after the other. What
    leads nowhere from there has been taken over already, or will be refused.
    """
    for each in waiting:
        if DOES[each] in STATES.possible(state):
            state = STATES.after(DOES[each], state)
    return state


def possible(
    state: AssignmentState, waiting: Sequence[HandlingAct], *, is_moved: bool, asks_extension: bool
) -> frozenset[HandlingAct]:
    """What the body may do now, behind what is on its way."""
    if is_moved:
        return frozenset()
    at = STATES.possible(expected(state, waiting))
    found = {each for each, act in DOES.items() if act in at}
    if asks_extension or HandlingAct.ASK_EXTENSION in waiting:
        found -= {HandlingAct.ASK_EXTENSION}
    return frozenset(found)


def told_opinion(body: str, text: str) -> str:
    """One 会办 opinion as the lead is told it."""
    whole = f"{body}：{text}"
    return whole if len(whole) <= LONGEST_OPINION else f"{whole[:LONGEST_OPINION]}……（全文由交办方存）"
