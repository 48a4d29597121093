"""What the office does with people. One function, one use case, one transaction."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked
from sync.contract.shapes.members import (
    MembershipEnding,
    MembershipState,
    PersonRecord,
)
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.identity import masks
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import names, queries, rules
from tenant_service.members.models import MembershipRow, PersonRow, PersonTagRow
from tenant_service.members.rules import Gender
from tenant_service.storage import search
from tenant_service.storage.unit_of_work import Unit

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class PersonDraft:
    """A person as the office describes them. `birth_month`: YYYY-MM."""

    name: str
    gender: Gender | None = None
    birth_month: str | None = None
    work_phone: str | None = None
    employer: str | None = None
    roster_no: str | None = None
    tags: tuple[str, ...] = ()


def add_person(unit: Unit, actor: Actor, draft: PersonDraft) -> PersonRecord:
    """The person is on the list, under a pseudonym that stays for good.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED, ROSTER_NO_TAKEN; DUPLICATE_PERSON, somebody of this name and birth
            month is there already.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = PersonRow(id=unit.new_id("person"), committee_id=unit.committee, revision=0, left_on=None, tags=[])
    _describe(unit, row, draft)
    unit.session.add(row)
    return _changed(unit, actor, row, "person.add")


def change_person(unit: Unit, actor: Actor, id: str, draft: PersonDraft) -> PersonRecord:
    """The person is as described now.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN (has left), and what `add_person` refuses.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = present(unit, id)
    _describe(unit, row, draft)
    return _changed(unit, actor, row, "person.change")


def tag_person(unit: Unit, actor: Actor, id: str, tags: Iterable[str]) -> PersonRecord:
    """The person has exactly these tags (标签). Raises: Refusal NOT_FOUND, OUT_OF_TURN, FORBIDDEN, BAD_VALUE."""
    actor.require(UseCase.EDIT_MEMBERS)
    row = present(unit, id)
    row.tags = _tags(tags)
    return _changed(unit, actor, row, "person.tag")


def part_with(unit: Unit, actor: Actor, id: str, how: MembershipEnding, last: dt.date) -> PersonRecord:
    """The committee has nothing to do with the person any more after `last`; all memberships end that day.

    The name stays for what was done before, and is in no list any more.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN (has left before).
    """
    actor.require(UseCase.EDIT_MEMBERS)
    row = present(unit, id)
    row.left_on = last + dt.timedelta(days=1)
    for held in [*queries.memberships_of(unit.session, row.id), *queries.contacts_to(unit.session, row.id)]:
        if held.state is not MembershipState.ENDED:
            vacate(unit, held, how, last)
    return _changed(unit, actor, row, "person.part_with")


# ── what the other acts of this room use ──


def present(unit: Unit, id: str) -> PersonRow:
    """Somebody of ours who has not left, to be changed. Raises: Refusal BAD_ID, NOT_FOUND, OUT_OF_TURN."""
    row = queries.locked_person(unit.session, checked(id))
    if row.left_on is not None:
        raise Refusal(Code.OUT_OF_TURN, now=Said("已离开", "LEFT"))
    return row


def vacate(unit: Unit, held: MembershipRow, how: MembershipEnding, last: dt.date) -> None:
    """It ended with `last`; whoever calls says so of the person as well."""
    held.state, held.ending = MembershipState.ENDED, how
    held.until = last if held.since is None or held.since <= last else held.since
    held.revision, held.changed_at = held.revision + 1, unit.now


def vacate_all(unit: Unit, held: Sequence[MembershipRow], last: dt.date) -> None:
    """All of these ended with `last`, because what they are in did."""
    for each in held:
        vacate(unit, each, MembershipEnding.MOVED, last)
    touch(unit, {each.person_id for each in held if each.person_id})


def touch(unit: Unit, persons: Iterable[str]) -> None:
    """These people are not what they were: a new revision, found by their present titles."""
    unit.session.flush()
    rows = [queries.locked_person(unit.session, id) for id in sorted(set(persons))]
    for row in rows:
        row.revision, row.changed_at = row.revision + 1, unit.now
    refresh_index(unit, rows)


def refresh_index(unit: Unit, rows: Sequence[PersonRow]) -> None:
    """These people are found by name, tags and titles as they are now, and by their tags one by one."""
    session, ids = unit.session, [row.id for row in rows]
    session.flush()
    session.execute(delete(PersonTagRow).where(PersonTagRow.person_id.in_(ids)))
    session.add_all(PersonTagRow(tag=tag, person_id=row.id) for row in rows for tag in row.tags)
    held = select(MembershipRow.person_id, MembershipRow.title).where(
        MembershipRow.person_id.in_(ids), MembershipRow.state != MembershipState.ENDED
    )
    titles: dict[str, set[str]] = {id: set() for id in ids}
    for id, title in session.execute(held):
        if id and title:
            titles[id].add(title)
    gone = [row.id for row in rows if row.left_on is not None]
    search.forget_all(session, gone)
    there = [row for row in rows if row.left_on is None]
    words = {row.id: " ".join([row.name, *row.tags, *sorted(titles[row.id])]) for row in there}
    search.index_all(session, "person", words)
    session.flush()


def _describe(unit: Unit, row: PersonRow, draft: PersonDraft) -> None:
    draft = _unmasked(row, draft)
    row.name = names.written(wording.text(Said("姓名", "name"), draft.name, names.LONGEST))
    if not names.is_name(row.name):
        raise Refusal(
            Code.BAD_VALUE,
            field=Said("姓名", "name"),
            why=Said("姓名须为2至40字，不含数字和括号", "2–40 letters, without digits and brackets"),
        )
    if draft.birth_month and not _MONTH.fullmatch(draft.birth_month):
        raise Refusal(Code.BAD_VALUE, field="birthMonth", why="YYYY-MM")
    row.gender, row.birth_month = draft.gender, draft.birth_month or None
    row.work_phone = wording.optional("workPhone", draft.work_phone, 40)
    row.employer = wording.optional("employer", draft.employer, 120)
    row.roster_no = wording.optional("rosterNo", draft.roster_no, 20)
    row.tags = _tags(draft.tags)
    row.sort_key = names.sort_key(row.name, row.roster_no)
    with unit.session.no_autoflush:
        _alone(unit, row)


def _unmasked(row: PersonRow, draft: PersonDraft) -> PersonDraft:
    """What was shown masked and comes back as it was shown stays what it is.

    Raises:
        Refusal: BAD_VALUE, a mask that is not of what stands here.
    """
    birth = draft.birth_month
    if birth and row.birth_month and birth == masks.birth(row.birth_month):
        birth = row.birth_month
    phone = masks.unmasked("workPhone", draft.work_phone, row.work_phone)
    return replace(draft, work_phone=phone, birth_month=birth)


def _alone(unit: Unit, row: PersonRow) -> None:
    """Raises: Refusal DUPLICATE_PERSON, ROSTER_NO_TAKEN."""
    if any(each.id != row.id for each in queries.namesakes(unit.session, row.name, row.birth_month)):
        raise Refusal(Code.DUPLICATE_PERSON)
    holder = queries.by_roster_no(unit.session, row.roster_no) if row.roster_no else None
    if row.roster_no and holder and holder.id != row.id:
        raise Refusal(Code.ROSTER_NO_TAKEN, no=row.roster_no)


def _tags(tags: Iterable[str]) -> list[str]:
    kept = list(dict.fromkeys(wording.text("tags", tag, 20) for tag in tags))
    if len(kept) > rules.MOST_TAGS:
        raise Refusal(Code.BAD_VALUE, field="tags", why=f"≤ {rules.MOST_TAGS}")
    return kept


def _changed(unit: Unit, actor: Actor, row: PersonRow, act: str) -> PersonRecord:
    """A new revision, found by its words, and noted. Nobody else is told: people are private."""
    made = way_out.changed(unit, actor, row, act, None)
    refresh_index(unit, [row])
    return made
