"""What some rooms need beside a session, put together once where the committee is opened."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from tenant_service.counting.figures import Counting
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.projecting import Projector
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import Keys
from tenant_service.importing import Sheet
from tenant_service.settings import Filing, Periods
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Opens:
    """Who may open what is attached to a record of one kind, as its room says of a record by its id.

    Attributes:
        sees: Whether somebody may open the record's files, and know that there are some.
        attaches: Whether somebody who does may attach more and take them away on the pages of files; None: only by the
            room's own acts.
        counted: Is told, in the same transaction, how many there are when that was done.
    """

    sees: Callable[[Session, Actor, str], bool]
    attaches: Callable[[Session, Actor, str], bool] | None = None
    counted: Callable[[Unit, str, int], None] | None = None


@dataclass(frozen=True)
class Desk:
    """受理窗口: where, by which telephone and when people come who reported something; "" where it is not set."""

    address: str = ""
    phone: str = ""
    hours: str = ""

    @property
    def is_set(self) -> bool:
        return bool(self.address or self.phone or self.hours)


def _nobody_named(_session: Session, _ids: Iterable[str]) -> dict[str, str]:
    return {}


def _nobody_seated(_session: Session, _day: dt.date) -> set[str]:
    return set()


def _no_groups(_session: Session, _kind: str, _day: dt.date) -> Mapping[str, set[str]]:
    return {}


@dataclass(frozen=True)
class People:
    """人员, as rooms ask for them that stand below the one that has them.

    Attributes:
        named: Ids → names of those who are ours.
        seated: Who has a seat on a day.
        groups: Name of each sector or unit of a kind (a code of `UnitKind`) → who with a seat belongs to it on a day.
    """

    named: Callable[[Session, Iterable[str]], dict[str, str]] = _nobody_named
    seated: Callable[[Session, dt.date], set[str]] = _nobody_seated
    groups: Callable[[Session, str, dt.date], Mapping[str, set[str]]] = _no_groups


Attachments = Mapping[str, Opens]
"""Kind of record → who may open its files; a kind that is not there has none."""


@dataclass(frozen=True)
class Services:
    """The same for everybody who asks.

    Attributes:
        handlers: How requests about our records are answered, by kind.
        projector: Shows others' records anew.
        counting: How the rooms count for the indicators.
        called: Kind of record, or what acts in the audit log begin with → what people call it.
        done: Act in the audit log → what people call it, where they have a word for it.
        reported: Owner → codes of the indicators of which it ever told us a figure.
        persons_in_use: Whether a room has something about one of these people; accounts are asked anyway.
        in_hands: Titles of what a body of our list has in hands, in all rooms.
        value_channels: On which channels our figures are shared.
        personal_rows_per_day: Rows of personal data that one account may look at in a day.
        retention_rules: What is kept how long, as `personal_data.retention` makes it of the settings.
        bulletin: What an issue of opinion information is called, with `{n}` and `{year}`.
        least_ballots: Ballots of an appraisal below which nothing of them is shown.
        periods: Terms by which work is due.
        opens: Who may open what is attached to a record, by its kind.
        desk: Where people come who reported something.
        sheets: Lists that come in from a spreadsheet.
        holds_comments: Comments of members are looked at before they are shown.
        people: Who is ours.
        least_answers: Answers of a form below which none of its questions is shown.
        filing: How proposals are numbered, and by which stages they are evaluated.
    """

    keys: Keys
    handlers: Handlers
    projector: Projector
    counting: Counting
    called: Mapping[str, str]
    reported: Callable[[Session, Sequence[str]], dict[str, list[str]]]
    persons_in_use: Callable[[Session, Sequence[str]], bool]
    in_hands: Callable[[Session, str], Sequence[str]]
    value_channels: frozenset[str]
    personal_rows_per_day: int
    retention_rules: Sequence[Any] = ()
    least_ballots: int = 10
    opens: Attachments = field(default_factory=dict)
    periods: Periods = field(default_factory=Periods)
    desk: Desk = field(default_factory=Desk)
    done: Mapping[str, str] = field(default_factory=dict)
    sheets: Sequence[Sheet] = ()
    bulletin: str = "《社情民意》第{n}期"
    holds_comments: bool = True
    people: People = field(default_factory=People)
    least_answers: int = 5
    filing: Filing = field(default_factory=Filing)
