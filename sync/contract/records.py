"""Every kind of record that travels, how it is written for a circle of readers, and how it is read."""

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from sync.contract import bounds
from sync.contract.errors import Code, Refusal, Said
from sync.contract.kinds import Kind
from sync.contract.shapes.activities import ActivityRecord
from sync.contract.shapes.audit import AuditConsentRecord, AuditHeadRecord
from sync.contract.shapes.committees import CommitteeRecord
from sync.contract.shapes.forms import FormRecord
from sync.contract.shapes.handovers import HandoverRecord
from sync.contract.shapes.items import AssignmentRecord, CallRecord, ItemRecord
from sync.contract.shapes.members import BodyRecord, MembershipRecord, PersonRecord, UnitRecord
from sync.contract.shapes.participations import ParticipationRecord
from sync.contract.shapes.posts import PostRecord
from sync.contract.shapes.procedures import ProcedureRecord
from sync.contract.shapes.programmes import ProgrammeRecord
from sync.contract.shapes.proposals import ProposalRecord
from sync.contract.shapes.recognitions import RecognitionRecord
from sync.contract.shapes.reports import ReportRecord
from sync.contract.shapes.requests import AnswerRecord, RequestRecord
from sync.contract.shapes.supervision import AppraisalRecord, CampaignRecord
from sync.contract.shapes.topics import TopicRecord
from sync.contract.shapes.values import ValueRecord
from sync.contract.shapes.venues import VenueRecord
from sync.contract.visibility import Visible, hidden_from

KINDS: dict[str, tuple[str, type]] = {
    "committee": ("政协", CommitteeRecord), "unit": ("组织单元", UnitRecord), "body": ("单位", BodyRecord),
    "person": ("人员", PersonRecord), "membership": ("任职", MembershipRecord), "venue": ("阵地", VenueRecord),
    "activity": ("活动", ActivityRecord), "participation": ("参与记录", ParticipationRecord),
    "request": ("请求", RequestRecord), "answer": ("答复", AnswerRecord), "value": ("统计数据", ValueRecord),
    "campaign": ("监督活动", CampaignRecord), "appraisal": ("民主评议", AppraisalRecord),
    "procedure": ("规程", ProcedureRecord), "topic": ("议题", TopicRecord),
    "item": ("清单条目", ItemRecord), "assignment": ("交办", AssignmentRecord), "call": ("吹哨报到", CallRecord),
    "handover": ("交办件", HandoverRecord), "report": ("报送成果", ReportRecord), "proposal": ("提案", ProposalRecord),
    "post": ("发布", PostRecord),
    "recognition": ("成果认定", RecognitionRecord),
    "programme": ("专项计划", ProgrammeRecord),
    "form": ("表单", FormRecord),
    "audit_head": ("审计日志链尾", AuditHeadRecord), "audit_consent": ("委托审计", AuditConsentRecord),
}  # fmt: skip
"""Kind of record, as ids name it → what people call it, and its shape. Every kind is on this list, and on no other."""
LABELS = {kind: label for kind, (label, _) in KINDS.items()}
RECORDS = {kind: shape for kind, (_, shape) in KINDS.items()}


@cache
def _told_fields(cls: Any, circle: Visible) -> tuple[str, ...]:
    hidden = hidden_from(cls, circle)
    return tuple(each.name for each in fields(cls) if each.name not in hidden)


def written(record: Any, circle: Visible) -> dict[str, Any]:
    """The record as JSON-able values, with only the fields that a reader in `circle` is told."""
    shape: Any = type(record)
    made = {name: getattr(record, name) for name in _told_fields(shape, circle)}
    return dict(msgspec.to_builtins(made))


def bounded(record: Any) -> None:
    """Nothing, where readers will take the record.

    Raises:
        Refusal: BAD_VALUE, a field goes beyond its bound.
    """
    try:
        bounds.check(record)
    except bounds.Beyond as beyond:
        raise Refusal(Code.BAD_VALUE, field=_in_api(beyond.field), why=Said("超出允许范围", beyond.how)) from None


class UnknownCode(msgspec.ValidationError):
    """A closed list has a code that this release does not know: no fault, but a newer release's record."""


@cache
def _may_be_left_out(cls: Any) -> dict[str, None]:
    return {each.name: None for each in fields(cls) if not each.metadata["visible"].within(Visible.FEDERATION)}


@cache
def _closed_lists(cls: Any) -> dict[str, type[Kind]]:
    """Field → the closed list that its codes are of."""
    hints = {name: set(_within(hint)) for name, hint in get_type_hints(cls).items()}
    return {name: each for name, found in hints.items() for each in found if issubclass(each, Kind)}


def _within(hint: Any) -> Iterator[type]:
    """The classes that a field's type is made of, however deep they lie."""
    if isinstance(hint, type) and not get_args(hint):
        yield hint
    for each in get_args(hint):
        yield from _within(each)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def read(kind: str, data: dict[str, Any]) -> Any:
    """The record of this kind; what its owner did not tell is None, what this release does not know is dropped.

    Raises:
        UnknownCode: it is right in a newer release, perhaps; keep it until the upgrade.
        msgspec.ValidationError: not of this kind's shape, or beyond its bounds.
    """
    cls = RECORDS[kind]
    try:
        made: Any = msgspec.convert(_may_be_left_out(cls) | data, cls)
        bounds.check(made)
    except bounds.Beyond as beyond:
        raise msgspec.ValidationError(str(beyond)[:200]) from None
    except msgspec.ValidationError:
        for name, codes in _closed_lists(cls).items():
            for told in _texts(data.get(name)):
                if codes.known(told) is None:
                    raise UnknownCode(f"{name}: {told[:80]}") from None
        raise
    else:
        return made


def _in_api(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)
