"""留存: what personal data is kept how long, by setting; how much of it is over, and how it goes.

The running service goes through the list daily, in slices; `liandong tenant retention` shows it and changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sync.contract.errors import Refusal
from sync.contract.instants import day_of
from tenant_service.activities import queries as activities
from tenant_service.attendance import personal as attendance
from tenant_service.identity import account_acts, accounts, disclosures
from tenant_service.identity.audit_log import segments as audit_segments
from tenant_service.members import personal as members
from tenant_service.personal_data import service
from tenant_service.personal_data.models import RetentionRunRow
from tenant_service.requests import personal as requests
from tenant_service.roster import personal as roster
from tenant_service.settings import Settings
from tenant_service.storage.unit_of_work import Unit

EVERY = dt.timedelta(days=1)
"""So often the running service goes through the rules."""


@dataclass(frozen=True)
class Rule:
    """One thing that is kept for a while.

    Attributes:
        code: By which it is remembered when the rule ran last.
        number: Of the setting.
        setting: By which it is kept so long.
        kept: How long, in words for a terminal.
        due: How many rows are over at a moment.
        drop: Drops some of them; how many, 0 when none is left.
    """

    code: str
    what: str
    setting: str
    number: int
    kept: str
    due: Callable[[Session, dt.datetime], int]
    drop: Callable[[Unit], int]


def rules_of(settings: Settings) -> list[Rule]:
    """What this committee keeps how long; what its settings say is kept for good is not there."""
    guests, files, months = settings.guest_days, settings.roster_file_days, settings.audit_months
    found = [
        Rule(
            "guests", "names of other committees' people on our lists", "guest_days", guests,
            f"{guests} days after the activity",
            lambda session, now: attendance.count_guests(session, _day(now, guests)),
            lambda unit: attendance.forget_guests(unit, _day(unit.now, guests)),
        ),
        Rule(
            "asked", "what other committees asked for their people", "guest_days", guests,
            f"{guests} days after the activity",
            lambda session, now: requests.count_asked(session, activities.over_before(_day(now, guests))),
            lambda unit: requests.forget_asked_before(unit, activities.over_before(_day(unit.now, guests))),
        ),
        Rule(
            "codes", "check-in codes that our people were shown", "guest_days", guests, f"{guests} days after they end",
            lambda session, now: attendance.count_codes(session, now - dt.timedelta(days=guests)),
            lambda unit: attendance.forget_codes(unit, unit.now - dt.timedelta(days=guests)),
        ),
        Rule(
            "files", "rows of roster files", "roster_file_days", files, f"{files} days",
            lambda session, now: roster.count_files(session, now - dt.timedelta(days=files)),
            lambda unit: roster.forget_files(unit, unit.now - dt.timedelta(days=files)),
        ),
        Rule(
            "disclosures", "who was shown personal data, and why", "audit_months", months, f"{months} whole months",
            lambda session, now: disclosures.count_before(session, audit_segments.kept_from(now, months)),
            lambda unit: disclosures.forget_before(unit.session, audit_segments.kept_from(unit.now, months)),
        ),
        Rule(
            "accounts", "what was done to accounts, and why", "audit_months", months, f"{months} whole months",
            lambda session, now: account_acts.count_before(session, audit_segments.kept_from(now, months)),
            lambda unit: account_acts.forget_before(unit.session, audit_segments.kept_from(unit.now, months)),
        ),
        Rule(
            "audit", "entries of the audit log", "audit_months", months, f"{months} whole months",
            lambda session, now: sum(count for _, count in audit_segments.due(session, months, now)),
            lambda unit: audit_segments.drop(unit, months),
        ),
    ]  # fmt: skip
    if years := settings.left_person_years:
        found.append(
            Rule(
                "left", "who people were that left", "left_person_years", years, f"{years} years after they left",
                lambda session, now: len(members.left_before(session, _day(now, 365 * years))),
                lambda unit: _erase_left(unit, _day(unit.now, 365 * years)),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Standing:
    """One rule: what its last run removed, what it would remove now, and what at the next run."""

    rule: Rule
    ran_at: dt.datetime | None
    removed: int
    emptied_at: dt.datetime | None
    emptied: int
    due: int
    next_at: dt.datetime
    due_next: int


def standings(rules: Sequence[Rule], session: Session, now: dt.datetime) -> list[Standing]:
    """Each rule as it stands; the next run comes a day after the last, or soon where none was yet or it is late."""
    found = []
    for rule in rules:
        row = session.get(RetentionRunRow, rule.code)
        then = max(row.ran_at + EVERY, now) if row else now
        found.append(
            Standing(
                rule, row.ran_at if row else None, row.removed if row else 0, row.emptied_at if row else None,
                row.emptied if row else 0, rule.due(session, now), then, rule.due(session, then),
            )
        )  # fmt: skip
    return found


def note_run(unit: Unit, rule: Rule, removed: int) -> None:
    """It stands there that the rule was gone through now, and how much that removed."""
    row = unit.session.get(RetentionRunRow, rule.code)
    if row is None:
        row = RetentionRunRow(rule=rule.code, emptied_at=None, emptied=0)
        unit.session.add(row)
    row.ran_at, row.removed = unit.now, removed
    if removed:
        row.emptied_at, row.emptied = unit.now, removed


def _erase_left(unit: Unit, day: dt.date) -> int:
    """The next one who can be erased is; one whose account still administers this system is left to people."""
    for id in members.left_before(unit.session, day):
        try:
            with unit.attempt():
                service.erase_over(unit, accounts.console(unit.committee), id)
                return 1
        except Refusal:
            continue
    return 0


def _day(now: dt.datetime, days: int) -> dt.date:
    return day_of(now) - dt.timedelta(days=days)
