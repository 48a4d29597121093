"""Tables of this room; private. What leaves is what `record()` lists, one by one."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.handovers import HandoverRecord
from sync.contract.shapes.items import (
    AssignmentRecord,
    AssignmentRole,
    AssignmentState,
    CallRecord,
    CallState,
    ItemKind,
    ItemRecord,
    ItemState,
    ReplyClass,
    Satisfaction,
)
from tenant_service.assignments.reminder_rules import ReminderKind
from tenant_service.assignments.rules import TalkedBy
from tenant_service.storage.columns import Ascii, CopyColumns, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class ItemColumns(Searched):
    """An item as its record tells it, ours or another committee's."""

    SEARCHED_AS = "item"
    SEARCHED = ("text",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[ItemKind]
    state: Mapped[ItemState]
    list_id: Mapped[str] = mapped_column(Ascii)
    number: Mapped[int | None]
    text: Mapped[str]
    agreed_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]
    body: Mapped[str | None]
    adopted_by: Mapped[list[str] | None]
    reason: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> ItemRecord:
        return ItemRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, state=self.state,
            list_id=Id(self.list_id), number=self.number, text=self.text, agreed_at=self.agreed_at,
            done_at=self.done_at, body=self.body, reason=self.reason,
            adopted_by=None if self.adopted_by is None else [Id(each) for each in self.adopted_by],
            revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class ItemRow(ItemColumns, OwnColumns, Row):
    """An item on a list of this committee."""

    __tablename__ = "item"
    body_id: Mapped[str | None] = mapped_column(Ascii)
    """The body that it is about or meant for, of our list."""
    proposed_by: Mapped[str] = mapped_column(Ascii)
    """Account of whoever entered it."""
    __table_args__ = (
        Index("item_by_number", "list_id", "number", unique=True),
        Index("item_by_list", "list_id", "kind", "state"),
        Index("item_by_change", "changed_at", "committee_id", "id"),
        Index("item_by_agreement", "agreed_at", "committee_id", "id"),
        Index("item_by_body", "body_id"),
        Index("item_by_state", "state"),
        Index("item_by_done", "done_at"),
    )


class SeenItemRow(ItemColumns, CopyColumns, Row):
    """An item that another committee shared with us."""

    __tablename__ = "seen_item"
    __table_args__ = (
        Index("seen_item_by_change", "changed_at", "committee_id", "id"),
        Index("seen_item_by_agreement", "agreed_at", "committee_id", "id"),
        Index("seen_item_by_list", "list_id"),
    )


class AssignmentColumns(Searched):
    """An assignment as its record tells it, ours or another committee's."""

    SEARCHED_AS = "assignment"
    SEARCHED = ("body",)
    id: Mapped[str]
    committee_id: Mapped[str]
    item_id: Mapped[str]
    state: Mapped[AssignmentState]
    role: Mapped[AssignmentRole]
    body: Mapped[str | None]
    due_on: Mapped[dt.date | None]
    replied_at: Mapped[dt.datetime | None]
    days_late: Mapped[int | None]
    reply_class: Mapped[ReplyClass | None]
    closed_at: Mapped[dt.datetime | None]
    body_id: Mapped[str | None] = mapped_column(Ascii)
    office: Mapped[str | None]
    assigned_on: Mapped[dt.date | None]
    was_due_on: Mapped[dt.date | None]
    due_is_estimate: Mapped[bool | None]
    satisfaction: Mapped[Satisfaction | None]
    reply: Mapped[str | None]
    files: Mapped[int | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> AssignmentRecord:
        return AssignmentRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), item_id=Id(self.item_id), state=self.state,
            role=self.role, body=self.body, due_on=self.due_on, replied_at=self.replied_at, days_late=self.days_late,
            reply_class=self.reply_class, closed_at=self.closed_at, body_id=Id(self.body_id) if self.body_id else None,
            office=self.office, assigned_on=self.assigned_on, was_due_on=self.was_due_on,
            due_is_estimate=self.due_is_estimate, satisfaction=self.satisfaction, reply=self.reply, files=self.files,
            revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class AssignmentRow(AssignmentColumns, OwnColumns, Row):
    """An assignment of this committee's item. Whoever is shown the item is shown its assignments."""

    __tablename__ = "assignment"
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    office_id: Mapped[str | None] = mapped_column(Ascii)
    """交办单位, of our list; only after a restore it may be unknown."""
    instructions: Mapped[str | None]
    """交办要求, in the words of whoever assigned it."""
    return_because: Mapped[str | None]
    """Why it is asked to be returned; stays when that was decided."""
    return_to: Mapped[str | None]
    """The body that the asker suggests instead, in its words: it sees no list of bodies."""
    extension_until: Mapped[dt.date | None]
    """The day that is asked for; null when nothing is, or it was decided."""
    extension_because: Mapped[str | None]
    sent_back_because: Mapped[str | None]
    """Why the last reply was not enough, or the closed one is taken up again."""
    withdrawn_because: Mapped[str | None]
    drafted_reply: Mapped[str | None]
    """What the body replied; it is told when it was verified and closed by whoever signs."""
    drafted_class: Mapped[ReplyClass | None]
    contact_name: Mapped[str | None] = personal(Personal.NAME)
    contact_phone: Mapped[str | None] = personal(Personal.PHONE)
    verification: Mapped[str | None]
    """核实情况."""
    paper_on: Mapped[dt.date | None]
    """代录: day of the paper by which the body did what it last did; null where it did so itself."""
    paper_number: Mapped[str | None]
    """文号 of that paper."""
    paper_by: Mapped[str | None] = mapped_column(Ascii)
    """录入人: account of whoever entered it."""
    __table_args__ = (
        Index("assignment_by_item", "item_id", "role"),
        Index("assignment_by_body", "body_id", "state", "due_on"),
        Index("assignment_by_office", "office_id", "state"),
        Index("assignment_by_due", "due_on", "committee_id", "id"),
        Index("assignment_by_change", "changed_at", "committee_id", "id"),
        Index("assignment_by_state", "state", "due_on"),
        Index("assignment_by_reply", "replied_at"),
    )


class LetterRow(Row):
    """答复函: one answer to a proposal as its body wrote it, in each round one at least; none is written over.

    `signed_by`, `handler`, `phone`: 签发人, 承办人 and 电话, at the body. `told_on`: when whoever signs at the
    committee closed it; null while it is looked at, and of one that was sent back.
    """

    __tablename__ = "assignment_letter"
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str]
    signed_by: Mapped[str | None] = personal(Personal.NAME)
    handler: Mapped[str | None] = personal(Personal.NAME)
    phone: Mapped[str | None] = personal(Personal.PHONE)
    talked: Mapped[TalkedBy]
    talked_on: Mapped[dt.date | None]
    is_open: Mapped[bool]
    text: Mapped[str]
    reply_class: Mapped[ReplyClass]
    replied_on: Mapped[dt.date]
    told_on: Mapped[dt.date | None]


class TermRow(Row):
    """A last day that another took the place of: until when it counted, and by which paper of the 交办单位, if one."""

    __tablename__ = "assignment_term"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"), index=True)
    due_on: Mapped[dt.date]
    until: Mapped[dt.date] = mapped_column(index=True)
    because: Mapped[str | None]
    document: Mapped[str | None]


class ReminderRow(Row):
    """What was said to whoever has an assignment: 催办, or what the service reminds of by itself.

    `day`: on which it was urged; of a reminder, the last day that it is about. So each is said once.
    """

    __tablename__ = "assignment_reminder"
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    kind: Mapped[ReminderKind] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    text: Mapped[str]
    urged_by: Mapped[str | None] = mapped_column(Ascii)
    """Account; null: the service."""


class SeenAssignmentRow(AssignmentColumns, CopyColumns, Row):
    """An assignment that another committee shared with us."""

    __tablename__ = "seen_assignment"
    item_id: Mapped[str] = mapped_column(Ascii)
    __table_args__ = (
        Index("seen_assignment_by_item", "item_id"),
        Index("seen_assignment_by_due", "due_on", "committee_id", "id"),
        Index("seen_assignment_by_change", "changed_at", "committee_id", "id"),
    )


class HandoverColumns:
    """A handover as its record tells it, ours or another committee's."""

    id: Mapped[str]
    committee_id: Mapped[str]
    to_id: Mapped[str] = mapped_column(Ascii)
    assignment_id: Mapped[str] = mapped_column(Ascii)
    body_id: Mapped[str] = mapped_column(Ascii)
    state: Mapped[AssignmentState]
    role: Mapped[AssignmentRole]
    title: Mapped[str | None]
    text: Mapped[str | None]
    office: Mapped[str | None]
    instructions: Mapped[str | None]
    assigned_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    was_due_on: Mapped[dt.date | None]
    due_is_estimate: Mapped[bool | None]
    return_until: Mapped[dt.date | None]
    return_days: Mapped[int | None]
    extension_until: Mapped[dt.date | None]
    replied_at: Mapped[dt.datetime | None]
    days_late: Mapped[int | None]
    reason: Mapped[str | None]
    opinions: Mapped[list[str] | None]
    awaited: Mapped[list[str] | None]
    satisfaction: Mapped[Satisfaction | None]
    files: Mapped[int | None]
    closed_at: Mapped[dt.datetime | None]
    moved_at: Mapped[dt.datetime | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]
    urged_on: Mapped[dt.date | None]
    urging: Mapped[str | None]

    def record(self) -> HandoverRecord:
        return HandoverRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), to_id=Id(self.to_id),
            assignment_id=Id(self.assignment_id), body_id=Id(self.body_id), state=self.state, role=self.role,
            title=self.title, text=self.text, office=self.office, instructions=self.instructions,
            assigned_on=self.assigned_on, due_on=self.due_on, was_due_on=self.was_due_on,
            due_is_estimate=self.due_is_estimate, return_until=self.return_until, return_days=self.return_days,
            extension_until=self.extension_until, replied_at=self.replied_at, days_late=self.days_late,
            reason=self.reason, opinions=self.opinions, awaited=self.awaited, satisfaction=self.satisfaction,
            files=self.files, closed_at=self.closed_at, moved_at=self.moved_at, revision=self.revision,
            changed_at=self.changed_at, urged_on=self.urged_on, urging=self.urging,
        )  # fmt: skip


class HandoverRow(HandoverColumns, Row):
    """What we handed over to a body of another committee's list, as its home is told it."""

    __tablename__ = "handover"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    committee_id: Mapped[str] = mapped_column(Ascii)
    since: Mapped[dt.datetime]
    """When the body was given it."""
    __table_args__ = (Index("handover_by_assignment", "assignment_id", "moved_at"),)


class SeenHandoverRow(HandoverColumns, CopyColumns, Row):
    """What another committee handed over to a body of our list."""

    __tablename__ = "seen_handover"
    is_taken: Mapped[bool]
    """Whether it lies in the body's inbox: our office chose that the body takes it, before or when it came."""
    is_gone: Mapped[bool] = mapped_column(default=False)
    """Whether its owner tells us nothing of it any more."""
    __table_args__ = (
        Index("seen_handover_by_body", "body_id", "state", "due_on"),
        Index("seen_handover_by_due", "due_on", "committee_id", "id"),
    )


class CallColumns(Searched):
    """A call as its record tells it, ours or another committee's."""

    SEARCHED_AS = "call"
    SEARCHED = ("title", "caller")
    id: Mapped[str]
    committee_id: Mapped[str]
    caller: Mapped[str]
    title: Mapped[str]
    state: Mapped[CallState]
    answer_by: Mapped[dt.datetime]
    about_id: Mapped[str | None] = mapped_column(Ascii)
    called: Mapped[int | None]
    coming: Mapped[int | None]
    declined: Mapped[int | None]
    cancelled_because: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> CallRecord:
        return CallRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), caller=self.caller, title=self.title, state=self.state,
            answer_by=self.answer_by, about_id=Id(self.about_id) if self.about_id else None, called=self.called,
            coming=self.coming, declined=self.declined, cancelled_because=self.cancelled_because,
            revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class CallRow(CallColumns, OwnColumns, Row):
    """A call of this committee's towns or office."""

    __tablename__ = "call"
    place: Mapped[str]
    """Where to come, and when; for those who are called."""
    __table_args__ = (
        Index("call_by_change", "changed_at", "committee_id", "id"),
        Index("call_by_answer", "answer_by", "committee_id", "id"),
    )


class SeenCallRow(CallColumns, CopyColumns, Row):
    """A call that another committee shared with us."""

    __tablename__ = "seen_call"
    __table_args__ = (
        Index("seen_call_by_change", "changed_at", "committee_id", "id"),
        Index("seen_call_by_answer", "answer_by", "committee_id", "id"),
    )


class CallAnswerRow(Row):
    """One body that was called, and what it answered. `comes`: null until it did."""

    __tablename__ = "call_answer"
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    body_id: Mapped[str] = mapped_column(Ascii, primary_key=True, index=True)
    body: Mapped[str]
    comes: Mapped[bool | None]
    because: Mapped[str | None]
    """Why it does not come."""
    answered_at: Mapped[dt.datetime | None]
