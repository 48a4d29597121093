"""What is begun in other ways than by a clerk's draft: a member starts a meeting; what recurs is drafted ahead."""

import dataclasses
import datetime as dt

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI, day_of
from sync.contract.shapes.activities import ActivityFormat, ActivityKind, ActivityRecord
from sync.contract.trust.directory import Directory
from tenant_service.activities import queries, rules, service, telling
from tenant_service.activities.descriptions import Draft, describe
from tenant_service.activities.models import ActivityRow
from tenant_service.exchange import way_out
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing.rules import Approval
from tenant_service.storage.unit_of_work import Unit

STARTED = (
    ActivityKind.MICRO_CONSULTATION, ActivityKind.SECTOR_CONSULTATION, ActivityKind.REMOTE_CONSULTATION,
    ActivityKind.ONLINE_DELIBERATION, ActivityKind.RESEARCH, ActivityKind.READING, ActivityKind.SALON,
)  # fmt: skip
"""Kinds of meetings that a member may start."""


def start(unit: Unit, actor: Actor, directory: Directory, told: Draft) -> ActivityRecord:
    """发起云会议: a member words a meeting, online or online and onsite in parallel, and it waits for whoever signs;
    until then the office and the member see it.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, a kind or a format that members do not start, or an account that is nobody's; and
            what `service.draft` refuses.
    """
    actor.require(UseCase.START_MEETING)
    if actor.person is None:
        raise Refusal(Code.BAD_VALUE, field="personId", why=Said("账号未关联委员", "this account is nobody's"))
    if told.kind not in STARTED:
        raise Refusal(Code.BAD_VALUE, field="kind", why=Said("请从列表选择", "choose from the list"))
    if told.format is ActivityFormat.ONSITE:
        raise Refusal(Code.BAD_VALUE, field="format", why=Said("云会议须为线上或线上线下结合", "online or both"))
    plain = dataclasses.replace(told, parent_id=None, part=None, host_ids=(), mechanism_id=None, recurrence=None)
    row = service.blank(unit, actor, [])
    row.is_by_member, row.initiated_by, row.approval = True, actor.person, Approval.IN_REVIEW
    describe(unit, directory, row, plain)
    unit.session.add(row)
    made = way_out.changed(unit, actor, row, "activity.start", set())
    telling.submitted(unit, actor, row)
    return made


def repeat(unit: Unit, actor: Actor, directory: Directory, id: str, until: dt.date) -> list[ActivityRecord]:
    """按周期拟后续场次: what is held again by its rule, behind the last one up to that day, is drafted: each a session
    of its own with the next number of its series.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN; BAD_VALUE, it does not recur; BAD_TIME, that day is too far ahead, or no session
            falls before it.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = queries.locked(unit.session, id)
    last = queries.latest(unit.session, row.root_id) if row.root_id else None
    if row.recurrence is None or last is None:
        raise Refusal(Code.BAD_VALUE, field="recurrence", why=Said("不是周期活动", "it does not recur"))
    after = day_of(last.starts_at)
    days = rules.again(row.recurrence, after, until) if until <= after + rules.MOST_AHEAD else []
    if not days:
        why = Said("一年以内，且有下一场次", "within a year, with a session in it")
        raise Refusal(Code.BAD_TIME, field="until", why=why)
    made = []
    for number, day in enumerate(days, 1):
        next_ = service.blank(unit, actor, row.shares)
        next_.root_id = row.root_id
        describe(unit, directory, next_, _on(last, row.recurrence, day, number))
        unit.session.add(next_)
        made.append(service.changed(unit, actor, next_, "activity.draft"))
    return made


def _on(last: ActivityRow, rule: str, day: dt.date, number: int) -> Draft:
    """As the last one was, on another day at the same time."""
    begin = last.starts_at.astimezone(SHANGHAI)
    moved = dt.datetime.combine(day, begin.time(), SHANGHAI) - begin
    return Draft(
        title=last.title, kind=last.kind, starts_at=last.starts_at + moved, place=last.place, organizer=last.organizer,
        format=last.format, ends_at=last.ends_at + moved if last.ends_at else None, venue_id=last.venue_id,
        host_ids=tuple(last.host_ids), mechanism_id=last.mechanism_id, series=last.series,
        issue_no=last.issue_no + number if last.issue_no else None, capacity=last.capacity,
        sign_up_until=last.sign_up_until + moved if last.sign_up_until else None, contact_name=last.contact_name,
        contact_phone=last.contact_phone, recurrence=rule,
    )  # fmt: skip
