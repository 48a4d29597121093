"""邀请与催办: whole units are invited at once, and whoever has not answered is urged. One function, one use case."""

from collections.abc import Collection
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.shapes.participations import ParticipationState
from tenant_service.attendance import entries, queries, telling
from tenant_service.attendance.entries import Invited
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.notifications import queries as told
from tenant_service.notifications.rules import NotificationKind
from tenant_service.storage.unit_of_work import Unit

MOST_AT_ONCE = 1_000
_State = ParticipationState


@dataclass(frozen=True)
class Whom:
    """Who is invited together: whoever belongs to these units now, everybody with a seat, and people by name or roster
    number.
    """

    unit_ids: tuple[str, ...] = ()
    everybody: bool = False
    names: tuple[str, ...] = ()


def invite_many(unit: Unit, actor: Actor, activity: str, whom: Whom) -> int:
    """邀请: all of these stand on the list as invited and have the notice; whoever is on it already keeps the place.
    How many came onto it.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_VALUE, nobody is named, too many, or a name that is nobody's or
            of several of ours.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = entries.open_activity(unit, activity)
    people = members.persons_named(unit.session, _people(unit, whom))
    if not people or len(people) > MOST_AT_ONCE:
        raise Refusal(Code.BAD_VALUE, field="unitIds", why=Said("没有选到委员", "nobody is meant"))
    known = queries.rows_for(unit.session, row.id)
    new = {id: name for id, name in sorted(people.items()) if id not in known}
    for id, name in new.items():
        made = entries.new(unit, row, Invited(id, name), _State.INVITED, actor.sub)
        entries.changed(unit, made, actor, "attendance.invite")
    telling.invited(unit, actor, row, list(new))
    return len(new)


def urge(unit: Unit, actor: Actor, activity: str) -> int:
    """催办: everybody who was invited and has not answered is told again, once a day; how many.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; URGED_TODAY; ALREADY_DONE, everybody has answered.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = entries.open_activity(unit, activity)
    silent = [who for who, each in queries.rows_for(unit.session, row.id).items() if each.state is _State.INVITED]
    if not silent:
        raise Refusal(Code.ALREADY_DONE)
    last = told.last_told(unit.session, row.id, NotificationKind.URGED)
    if last is not None and day_of(last) == day_of(unit.now):
        raise Refusal(Code.URGED_TODAY)
    telling.urged(unit, actor, row, silent)
    audit.note(unit, actor, "attendance.urge", row.id)
    return len(silent)


def _people(unit: Unit, whom: Whom) -> Collection[str]:
    today, found = day_of(unit.now), set[str]()
    if whom.everybody:
        found |= members.seat_holders(unit.session, today)
    for each in whom.unit_ids:
        found |= members.in_unit(unit.session, each, today)
    return found | {one_named(unit, name, "names") for name in whom.names}


def one_named(unit: Unit, name: str, field: str = "who") -> str:
    """Who is called so, or has this roster number. Raises: Refusal BAD_VALUE, nobody or several of ours."""
    meant = members.meant(unit.session, name)
    if len(meant) == 1:
        return meant[0].id
    why = Said(f"名册中没有“{name}”", f"nobody is called {name}")
    if meant:
        why = Said(f"有{len(meant)}人叫“{name}”，请写委员编号", f"several are called {name}: write the number")
    raise Refusal(Code.BAD_VALUE, field=field, why=why)
