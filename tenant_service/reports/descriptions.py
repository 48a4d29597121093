"""How a report is described by whoever writes it, and how its row takes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.reports import MOST_ADVICE, MOST_AUTHORS, ReportKind
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.reports import queries
from tenant_service.reports.models import ReportAuthorRow, ReportRow
from tenant_service.storage.unit_of_work import Unit

LONGEST = 20_000


@dataclass(frozen=True)
class Draft:
    """A report as it is written.

    Attributes:
        advice: Its suggestions, one by one.
        authors: Members by name, roster number or id; whoever is not on our roster, such as a party's branch, by name.
        source_id: What it grew out of: a topic, an activity or another record of ours; None: nothing, or as before.
    """

    title: str
    kind: ReportKind
    text: str
    advice: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    source_id: str | None = None


@dataclass(frozen=True)
class Author:
    """Who shares the credit; `person_id`: of our people."""

    name: str
    person_id: str | None = None


def describe(row: ReportRow, told: Draft) -> None:
    """The row is as `told`; its authors are for `sign_authors`, once it is there. Raises: Refusal BAD_VALUE,
    CLASSIFIED.
    """
    if len(told.advice) > MOST_ADVICE:
        raise Refusal(Code.BAD_VALUE, field="advice", why=f"≤ {MOST_ADVICE}")
    row.title, row.kind = wording.text("title", told.title, 120), told.kind
    row.text = wording.text("text", told.text, LONGEST)
    row.advice = [wording.text("advice", each, 500) for each in told.advice]
    row.suggestions = len(row.advice)


def named(unit: Unit, actor: Actor, told: Sequence[str], kept: Sequence[Author] = ()) -> list[Author]:
    """Who is meant, each once and in order; a member who writes it is among them. `kept`: who stands there already,
    who is meant by the name alone.

    Raises:
        Refusal: BAD_VALUE, nobody is named, too many are, or several of our people have that name.
    """
    found = [_meant(unit, each, kept) for each in told if each.strip()]
    if not actor.may(UseCase.EDIT_REPORTS) and actor.person not in {each.person_id for each in found}:
        known = members.persons_named(unit.session, [actor.person or ""])
        found = [*(Author(name, id) for id, name in known.items()), *found]
    return enough(found)


def enough(found: Iterable[Author]) -> list[Author]:
    """Each of them once. Raises: Refusal BAD_VALUE, there is none, or they are too many."""
    each_once = list(dict.fromkeys(found))
    if not each_once:
        raise Refusal(Code.BAD_VALUE, field="authors", why=Said("必填", "it is needed"))
    if len(each_once) > MOST_AUTHORS:
        raise Refusal(Code.BAD_VALUE, field="authors", why=f"≤ {MOST_AUTHORS}")
    return each_once


def authors_of(unit: Unit, report: str) -> list[Author]:
    return [Author(each.name, each.person_id) for each in queries.authors(unit.session, report)]


def sign_authors(unit: Unit, row: ReportRow, found: Sequence[Author]) -> None:
    """These share the credit, in this order; the record has their names."""
    unit.session.execute(delete(ReportAuthorRow).where(ReportAuthorRow.report_id == row.id))
    for seq, each in enumerate(found, 1):
        unit.session.add(ReportAuthorRow(report_id=row.id, seq=seq, person_id=each.person_id, name=each.name))
    row.authors = [each.name for each in found]
    unit.session.flush()


def _meant(unit: Unit, told: str, kept: Sequence[Author]) -> Author:
    name = wording.text("authors", told, 60)
    stand = [each for each in kept if each.name == name]
    if len(stand) == 1:
        return stand[0]
    found = members.meant(unit.session, name)
    if len(found) > 1:
        why = Said(f"“{name}”有{len(found)}人，请写名册编号", f"{len(found)} members are called {name}: use a number")
        raise Refusal(Code.BAD_VALUE, field="authors", why=why)
    return Author(found[0].name, found[0].id) if found else Author(name)
