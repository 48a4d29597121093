"""How a topic is raised, and how the office describes it; how rows take it."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, owner_of
from sync.contract.shapes.topics import TopicCategory, TopicSource
from tenant_service import wording
from tenant_service.identity.actor import Actor
from tenant_service.members import queries as members
from tenant_service.storage.personal import number
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics.models import TopicReporterRow, TopicRow
from tenant_service.venues import queries as venues

LONGEST_WORDS = 2_000
"""Characters of what somebody reports."""


@dataclass(frozen=True)
class Report:
    """反映: what somebody reports, in their own words.

    Attributes:
        shows_name: The name may be told to departments.
    """

    words: str
    place: str | None = None
    name: str | None = None
    phone: str | None = None
    shows_name: bool = False


@dataclass(frozen=True)
class Described:
    """A topic in the office's words; `area_id`: a town or street of our list."""

    title: str
    summary: str | None = None
    category: TopicCategory | None = None
    area_id: str | None = None


@dataclass(frozen=True)
class Plan:
    """选题: who decided that a topic is taken up, when, and under what it is counted."""

    decided_by: str
    decided_on: dt.date
    year: int | None = None
    theme: str | None = None


FIRST_YEAR, LAST_YEAR = 1949, 2999
BY_OFFICE = (
    TopicSource.PUBLIC, TopicSource.PARTY_GOVERNMENT, TopicSource.COMMITTEES, TopicSource.MEMBER,
    TopicSource.OPEN_CALL, TopicSource.ONLINE, TopicSource.ENTERPRISE,
)  # fmt: skip
"""Sources that the office may register; whoever raises something by another door has that door's source."""


def describe(unit: Unit, actor: Actor, row: TopicRow, told: Described, *, is_screened: bool = False) -> None:
    """The row is as `told`. `is_screened`: somebody has looked what it is about, so it has a category.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, there is no such area of ours.
    """
    row.title = wording.text("title", told.title, 120)
    if is_screened and told.category is None:
        raise Refusal(Code.BAD_VALUE, field="category", why=Said("必选", "choose one"))
    row.summary = wording.optional("summary", told.summary, 4_000)
    row.category = told.category
    row.area_id = told.area_id
    row.area = area(unit, actor, told.area_id) if told.area_id else None


def area(unit: Unit, actor: Actor, id: str) -> str:
    """The name of one of our units. Raises: Refusal BAD_ID, NOT_FOUND."""
    found = members.unit(unit.session, actor, id) if owner_of(checked(id)) == unit.committee else None
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found.name


def heard_at(unit: Unit, row: TopicRow, venue: str) -> None:
    """The topic came in at a venue of ours, and is about its area until somebody says otherwise.

    Raises:
        Refusal: BAD_ID, NOT_FOUND.
    """
    found = venues.ours(unit.session, str(checked(venue)))
    row.venue_id = found.id
    if row.area_id is None:
        row.area, row.area_id = found.area, found.area_id


def reported(
    unit: Unit, row: TopicRow, told: Report, person: str | None = None, digest: str | None = None
) -> TopicReporterRow:  # fmt: skip
    """What was reported stands beside the topic, and is told to nobody outside.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED.
    """
    made = TopicReporterRow(
        id=unit.new_id("reporter"), topic_id=row.id, at=unit.now, channel=row.channel,
        words=wording.text("words", told.words, LONGEST_WORDS), place=wording.optional("place", told.place, 120),
        name=wording.optional("name", told.name, 40), phone=phone(told.phone), shows_name=told.shows_name,
        person_id=person, code_digest=digest, told_step=None, told_at=None, rating=None, rated_at=None, remark=None,
        unsettled_at=None,
    )  # fmt: skip
    unit.session.add(made)
    unit.session.flush()
    return made


def phone(told: str | None) -> str | None:
    """As it is kept. Raises: Refusal BAD_VALUE, it is no number or not a whole one."""
    written = wording.optional("phone", told, 40)
    return number(wording.phone("phone", written, 40)) if written else None


def year(told: int | None) -> int | None:
    """Raises: Refusal BAD_VALUE."""
    if told is not None and not FIRST_YEAR <= told <= LAST_YEAR:
        raise Refusal(Code.BAD_VALUE, field="year", why=f"{FIRST_YEAR}–{LAST_YEAR}")
    return told
