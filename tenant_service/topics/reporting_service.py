"""What people without an account do: report something; and what the desk does for them. One function, one use case, one
transaction.

Who has no account is `reporter` in the history and in the audit log, never a name.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.topics import TopicChannel, TopicSource
from tenant_service.files.inspecting import Inspected
from tenant_service.identity import audit, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.personal import number
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import codes, picture_service, queries, rules, service, tracking_queries
from tenant_service.topics.descriptions import Report
from tenant_service.topics.entries import fresh
from tenant_service.venues import queries as venues

_AN_HOUR = dt.timedelta(hours=1)
FROM = {TopicSource.PUBLIC: "群众反映", TopicSource.ENTERPRISE: "企业反映"}
"""Who reports without an account, and what the topic is called until the office words it: no word of the reporter's."""


@dataclass(frozen=True)
class Sent:
    """One report as it was sent.

    Attributes:
        code: The tracking code that its reporter will be shown; of the same report sent twice the same one.
        venue: Token of the venue whose code was scanned; None: it came over the web.
        network, device: Digests of where it came from, for today's share of pictures; "": not known.
    """

    report: Report
    source: TopicSource
    code: str
    venue: str | None = None
    photos: Sequence[Inspected] = ()
    network: str = ""
    device: str = ""


@dataclass(frozen=True)
class Receipt:
    """The report is there; `is_new`: it was not before. `left_out`: pictures that were not kept, because reporters sent
    as many today as may be.
    """

    topic: str
    is_new: bool
    left_out: int = 0


def reporter(committee: str) -> Actor:
    """Whoever reported something, in the history and in the audit log."""
    return Actor(committee, sub="reporter")


def report(unit: Unit, sent: Sent, within: int = rules.NOTICE_WORKDAYS) -> Receipt:
    """扫码直报, 网上提交: a topic is there that waits to be screened, and its reporter comes back to it by the code.
    `within`: workdays in which they hear whether it is accepted.

    Raises:
        Refusal: QR_INVALID; BAD_VALUE, also a source that is not of who has no account; CLASSIFIED; REPORTS_FULL; and
            what files are refused for.
    """
    known = tracking_queries.by_code(unit.session, sent.code)
    if known is not None:
        return Receipt(known.topic_id, is_new=False)
    actor, called = reporter(unit.committee), FROM.get(sent.source)
    if called is None:
        raise Refusal(Code.BAD_VALUE, field="source", why=Said("请从列表选择", "choose from the list"))
    at = venues.by_token(unit.session, sent.venue) if sent.venue else None
    _has_room(unit, at.id if at else None, at.name if at else "")
    row = fresh(unit, actor, sent.source, TopicChannel.QR if at else TopicChannel.WEB, within)
    row.title = f"{called}（{at.name[:60] + ' ' if at else ''}{unit.now.astimezone(SHANGHAI):%m-%d %H:%M}）"
    digest = codes.digest(sent.code)
    service.raised(unit, actor, row, sent.report, "topic.report", at.id if at else None, digest=digest)
    came_by = {f"door:{at.id if at else 'web'}": picture_service.DOOR}
    came_by |= {f"network:{sent.network}": picture_service.NETWORK} if sent.network else {}
    came_by |= {f"device:{sent.device}": picture_service.DEVICE} if sent.device else {}
    kept = picture_service.attach(unit, actor, row.id, sent.photos, came_by)
    return Receipt(row.id, is_new=True, left_out=len(sent.photos) - kept)


# ── at the desk ──


def look_for(unit: Unit, actor: Actor, phone: str, most: int) -> None:
    """Before the desk is shown what was reported with a phone: each number that is tried is noted and counts as a row,
    because who tries many finds those that are masked.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, no number; QUOTA_REACHED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    if not phone:
        raise Refusal(Code.BAD_VALUE, field="phone", why=Said("必填", "it is needed"))
    quotas.add(unit, actor, 1, most)
    audit.note(unit, actor, "topic.look_for", unit.committee)


def hand_out(unit: Unit, actor: Actor, rows: int, most: int) -> None:
    """Before the desk is given the list of whom to call as a file: its rows count as looked at, and it is noted.

    Raises:
        Refusal: FORBIDDEN; QUOTA_REACHED.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    if rows:
        quotas.add(unit, actor, rows, most)
    audit.note(unit, actor, "topic.hand_out", unit.committee)


def renew_code(unit: Unit, actor: Actor, id: str, phone: str) -> str:
    """找回查询码: a new code for a report, told to who knows the phone that was left with it; the old one is void.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; NO_PHONE_LEFT, OTHER_PHONE.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    told = queries.REPORTS.locked(unit.session, id)
    if not told.phone:
        raise Refusal(Code.NO_PHONE_LEFT)
    if number(phone) != told.phone:
        raise Refusal(Code.OTHER_PHONE)
    code = codes.fresh()
    told.code_digest = codes.digest(code)
    audit.note(unit, actor, "topic.renew_code", told.topic_id)
    return code


def tell(unit: Unit, actor: Actor, id: str) -> None:
    """已电话告知: the reporter has heard what there is to be told now.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; NO_PHONE_LEFT; ALREADY_DONE, there is nothing new to be told.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    told = queries.REPORTS.locked(unit.session, id)
    if not told.phone:
        raise Refusal(Code.NO_PHONE_LEFT)
    found = tracking_queries.telling(unit.session, told)
    if found is None:
        raise Refusal(Code.ALREADY_DONE)
    told.told_step, told.told_at = found.news, unit.now
    audit.note(unit, actor, "topic.tell", told.topic_id)


# ── parts ──


def _has_room(unit: Unit, venue: str | None, name: str) -> None:
    """Raises: Refusal REPORTS_FULL, of the venue or of all."""
    bounds: list[tuple[str | None, Said, int]] = [(None, Said("本会", "this committee"), rules.MOST_OF_ALL)]
    bounds += [(venue, Said(name, name), rules.MOST_AT_A_VENUE)] if venue else []
    for of, where, most in bounds:
        come, first = tracking_queries.came_in(unit.session, unit.now - _AN_HOUR, of)
        rules.has_room(where, come, most, int((first + _AN_HOUR - unit.now).total_seconds()) + 1 if first else 1)
