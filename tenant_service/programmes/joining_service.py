"""参加: a committee says to another's programme whether it takes part (practice rule 1: guidance, not command).

It is said by a request, and by whoever signs at home; what then is done there is a programme of its own, which names
this one. It may be said anew; nobody is asked twice, and who says nothing is 未反馈.
"""

from collections.abc import Sequence

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id, checked, kind_of, owner_of
from sync.contract.shapes.programmes import Joining
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service import wording
from tenant_service.exchange.answering import Handlers
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.programmes import queries, rules
from tenant_service.programmes.entries import channels_of
from tenant_service.programmes.models import ProgrammeAnswerRow
from tenant_service.programmes.rules import STATES, Act
from tenant_service.requests import service as requests
from tenant_service.requests.service import Asked
from tenant_service.storage.unit_of_work import Unit


def join(
    unit: Unit, actor: Actor, handlers: Handlers, id: str, joining: Joining, reason: str | None = None,
    items: Sequence[int] = (),
) -> RequestRecord:  # fmt: skip
    """确认参加, 部分参加 or 暂不参加 is on its way to the committee whose programme it is.

    Raises:
        Refusal: FORBIDDEN, BAD_ID; NOT_FOUND, it was not shared with us, or is ours; OUT_OF_TURN, it is over;
            NEEDS_REASON, BAD_VALUE, CLASSIFIED; NO_CHANNEL.
    """
    actor.require(UseCase.SIGN_OFF_PROGRAMMES)
    told = queries.one(unit.session, actor, id) if kind_of(checked(id)) == "programme" else None
    if told is None or owner_of(id) == unit.committee:
        raise Refusal(Code.NOT_FOUND)
    STATES.after(Act.JOIN, told.state)
    text = wording.optional("reason", reason, 500)
    rules.makes_sense(joining, text, items, len(told.tasks or ()))
    return requests.send(
        unit, actor, handlers,
        Asked(RequestKind.ACKNOWLEDGE, id, text=text, detail=rules.told_as(joining, items)),
    )  # fmt: skip


def _joined(unit: Unit, asked: RequestRecord) -> Id:
    """What that committee says stands beside our programme, in the place of what it said before.

    Raises:
        Refusal: NOT_FOUND, also what was not shared with it; OUT_OF_TURN; NEEDS_REASON, BAD_VALUE.
    """
    if kind_of(asked.subject_id) != "programme":
        raise Refusal(Code.NOT_FOUND)
    row, by = queries.locked(unit.session, asked.subject_id), asked.committee_id
    if not channels_of(row) & set(unit.directory.reach(unit.committee, by)):
        raise Refusal(Code.NOT_FOUND)
    tasks = len(row.tasks or ())
    joining, items = rules.heard(asked.detail, tasks)
    text = wording.optional("reason", asked.text, 500)
    rules.makes_sense(joining, text, items, tasks)
    taken.take(unit, Actor(unit.committee, iss=by), row, STATES, Act.JOIN, f"{by} {joining.label}")
    said = unit.session.get(ProgrammeAnswerRow, (row.id, by)) or ProgrammeAnswerRow(programme_id=row.id, by_id=by)
    said.joining, said.because, said.items, said.answered_at = joining, text, items, asked.asked_at
    unit.session.add(said)
    unit.session.flush()
    return Id(row.id)


HANDLERS: Handlers = {RequestKind.ACKNOWLEDGE: _joined}
"""How requests about our programmes are answered; the requests room calls these."""
