"""What operations show of people counts in the quota of whoever asks, before it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sync.contract.shapes.members import MembershipRecord, PersonRecord
from sync.contract.shapes.participations import ParticipationRecord
from sync.contract.shapes.requests import RequestRecord
from tenant_service.graph.context import Context
from tenant_service.identity import quotas
from tenant_service.storage.paging import Page

_OF_PEOPLE = (PersonRecord, MembershipRecord, ParticipationRecord, RequestRecord)


def charge(context: Context, found: Iterable[object]) -> None:
    """Those of these records that tell of somebody else count as looked at. Raises: Refusal QUOTA_REACHED."""
    told = [each for each in found if isinstance(each, _OF_PEOPLE)]
    _count(context, told)


def charge_all(context: Context, found: Iterable[Any]) -> None:
    """The same of rows that each name the person of whom they tell (`person_id`). Raises: Refusal QUOTA_REACHED."""
    _count(context, found)


def counted(context: Context, page: Page) -> Page:
    """The same page, whose rows count when they are read."""

    def telling(rows: Sequence[Any]) -> list[Any]:
        _count(context, rows)
        return page.telling(rows)

    return replace(page, telling=telling)


def _count(context: Context, rows: Iterable[Any]) -> None:
    """Raises: Refusal QUOTA_REACHED."""
    most = context.services.personal_rows_per_day
    others = quotas.of_others(context.actor, rows)
    context.count(others, lambda more: quotas.charge(context.units, context.actor, more, most))


def charge_list(context: Context, of: str, rows: Sequence[Any]) -> None:
    """The whole list of one activity counts, each on it once a day. Raises: Refusal QUOTA_REACHED."""
    others = quotas.of_others(context.actor, rows)
    quotas.charge_list(context.units, context.actor, of, others, context.services.personal_rows_per_day)
