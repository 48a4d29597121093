"""轮到谁: who is to do what about a topic now. Pure: no clock, no database, no network."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.shapes.topics import TopicState
from sync.edge.shell.words import say
from tenant_service.topics.rules import PublicStep

OFFICE, SIGNER, REPORTER, COMMITTEE = say("本会工作人员"), say("签发人"), say("反映人"), say("本会")


@dataclass(frozen=True)
class Turn:
    """Attributes:
    who: Label of somebody's part, or a name.
    what: Label of what they are to do; `of`: the step that it is about; `in_charge`: who looks after it, beside who
        takes the step.
    since, until: Days, both included; until: None, no term.
    """

    who: str
    what: str
    since: dt.date
    until: dt.date | None = None
    of: str = ""
    in_charge: str = ""

    def late(self, today: dt.date) -> int:
        """Days by which it is overdue; 0: it is not."""
        return max((today - self.until).days, 0) if self.until else 0


@dataclass(frozen=True)
class Stand:
    """How a topic stands, for whose turn it is.

    Attributes:
        since: Day of its last step.
        in_charge: Who looks after it, by name; `receiver`: who looks at it first; `given_to`: to whom it was forwarded.
        is_outside: That one is not of the committee.
        step, roles: The procedure's step, and whose it is, by name.
        accept_by, step_due, unsettled_until: Terms, those that run.
    """

    state: TopicState
    since: dt.date
    in_charge: str | None = None
    given_to: str | None = None
    receiver: str | None = None
    is_outside: bool = False
    step: str | None = None
    roles: str = ""
    accept_by: dt.date | None = None
    step_due: dt.date | None = None
    unsettled_until: dt.date | None = None


_WHAT = {
    TopicState.RAISED: say("审看，告知是否受理"), TopicState.ACCEPTED: say("决定入库、直接办理、并案或拆分"),
    TopicState.STORED: say("选题"), TopicState.SELECTED: say("启动规程"),
    TopicState.IN_PROCEDURE: say("办理并拟写答复"), TopicState.RESOLVED: say("签发答复"),
    TopicState.REOPENED: say("重新办理"),
}  # fmt: skip

_OF_OFFICE = (TopicState.ACCEPTED, TopicState.STORED, TopicState.SELECTED)
"""States that the office leads on, whoever looks after the topic."""


def turn(at: Stand, today: dt.date) -> Turn | None:
    """Whose turn it is; None: it is over for this topic."""
    if at.state is TopicState.FORWARDED:
        return Turn(at.given_to or OFFICE, say("办理") if at.is_outside else say("受理"), at.since)
    if at.state is TopicState.CLOSED:
        return _answered(at, today)
    if at.state not in _WHAT:
        return None
    if at.state is TopicState.IN_PROCEDURE and at.step:
        return Turn(at.roles or OFFICE, say("办完步骤"), at.since, at.step_due, at.step, at.in_charge or "")
    if at.state in _OF_OFFICE:
        return Turn(OFFICE, _WHAT[at.state], at.since, in_charge=at.in_charge or "")
    who = {TopicState.RAISED: at.receiver, TopicState.RESOLVED: SIGNER}.get(at.state, at.in_charge)
    return Turn(who or OFFICE, _WHAT[at.state], at.since, at.accept_by if at.state is TopicState.RAISED else None)


def _answered(at: Stand, today: dt.date) -> Turn:
    if at.unsettled_until and today <= at.unsettled_until:
        return Turn(REPORTER, say("评价，没有解决的可提出一次"), at.since, at.unsettled_until)
    return Turn(OFFICE, say("归档"), at.since)


_OVER = {
    TopicState.RETURNED: say("不予受理，已办结"), TopicState.MERGED: say("随并入的议题办理"),
    TopicState.ARCHIVED: say("已归档，无待办"),
}  # fmt: skip


def over(state: TopicState) -> str:
    """What is said where it is nobody's turn; of one that was split its parts are counted beside."""
    return _OVER.get(state, say("随所拆各件办理"))


def public(step: PublicStep, since: dt.date, to: str | None, until: dt.date | None) -> Turn | None:
    """The same, as whoever raised it reads it; None: nobody's, or their own. `to`: where it was forwarded; `until`: by
    when they are told whether it is accepted.
    """
    if step in (PublicStep.NOT_ACCEPTED, PublicStep.ANSWERED):
        return None
    if step is PublicStep.FORWARDED:
        return Turn(to or COMMITTEE, say("办理"), since)
    what = {PublicStep.SUBMITTED: say("审看，告知是否受理"), PublicStep.ACCEPTED: say("安排办理")}
    return Turn(COMMITTEE, what.get(step, say("办理并答复")), since, until if step is PublicStep.SUBMITTED else None)
