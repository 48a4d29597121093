"""Items and assignments in GraphQL: types and inputs."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.items import (
    AssignmentOrder,
    AssignmentRecord,
    AssignmentRole,
    AssignmentState,
    CallOrder,
    CallRecord,
    CallState,
    ItemKind,
    ItemOrder,
    ItemRecord,
    ItemState,
    ReplyClass,
    Satisfaction,
)
from sync.contract.visibility import Visible, visible
from tenant_service.assignments import call_queries, handling_queries, queries, reminder_queries
from tenant_service.assignments.call_service import Draft as CallDraft
from tenant_service.assignments.descriptions import Draft, Letter, Paper, Reply
from tenant_service.assignments.models import AssignmentRow, LetterRow
from tenant_service.assignments.reminder_rules import ReminderKind
from tenant_service.assignments.rules import Part, TalkedBy
from tenant_service.graph.context import Info
from tenant_service.graph.history import StepTaken, steps_of
from tenant_service.graph.inputs import given
from tenant_service.graph.lists import Node
from tenant_service.graph.types import contract_enum, record_type, shown
from tenant_service.identity import accounts
from tenant_service.members import contacts

TENANT = Visible.TENANT
for each in (
    ItemKind, ItemState, ItemOrder, AssignmentState, AssignmentRole, AssignmentOrder, ReplyClass, Satisfaction,
    TalkedBy, CallState, CallOrder,
):  # fmt: skip
    contract_enum(each)


@record_type
class Item(ItemRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "The body of our list that it is about, for the office.")
    def body_id(self, info: Info) -> Id | None:
        row = queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return Id(row.body_id) if row and row.body_id else None


contract_enum(ReminderKind)


@strawberry.type(description="催办, or what the service reminds of by itself.")
class Reminder:
    kind: ReminderKind = visible(TENANT, "Urged by people, or reminded by the service before or after the last day.")
    day: dt.date = visible(TENANT, "On which it was urged; of a reminder, the last day that it is about.")
    at: dt.datetime = visible(TENANT, "When it was said.")
    text: str = visible(TENANT, "In which words.")


@record_type
class Assignment(AssignmentRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "交办单位, of our list; this and what follows for our office, that office and the body alone.")
    def office_id(self, info: Info) -> Id | None:
        row = _row(info, self.id)
        return Id(row.office_id) if row and row.office_id else None

    @shown(TENANT, "交办要求.")
    def instructions(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.instructions if row else None

    @shown(TENANT, "Why it is, or last was, asked to be returned.")
    def return_because(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.return_because if row else None

    @shown(TENANT, "The body that was suggested instead.")
    def return_to(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.return_to if row else None

    @shown(TENANT, "The day until which more time is asked for; null: none is, or it was decided.")
    def extension_until(self, info: Info) -> dt.date | None:
        row = _row(info, self.id)
        return row.extension_until if row else None

    @shown(TENANT, "Why more time is asked for.")
    def extension_because(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.extension_because if row else None

    @shown(TENANT, "Why the last reply was not enough.")
    def sent_back_because(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.sent_back_because if row else None

    @shown(TENANT, "Why it was withdrawn.")
    def withdrawn_because(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.withdrawn_because if row else None

    @shown(TENANT, "The reply as it was given, before it may leave.")
    def drafted_reply(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.drafted_reply if row else None

    @shown(TENANT, "Its class.")
    def drafted_class(self, info: Info) -> ReplyClass | None:
        row = _row(info, self.id)
        return row.drafted_class if row else None

    @shown(TENANT, "Whom to call about the reply.")
    def contact_name(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.contact_name if row else None

    @shown(TENANT, "The contact's phone, as it is shown to the asker.")
    def contact_phone(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return contacts.phone(info.context.unit, info.context.actor, row.contact_phone) if row else None

    @shown(TENANT, "代录: day of the paper by which the body did what it last did; null: it did so itself.")
    def paper_on(self, info: Info) -> dt.date | None:
        row = _row(info, self.id)
        return row.paper_on if row else None

    @shown(TENANT, "文号 of that paper.")
    def paper_number(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.paper_number if row else None

    @shown(TENANT, "录入人: who entered that paper, for the office.")
    def entered_by(self, info: Info) -> str | None:
        row = _row(info, self.id) if info.context.actor.sees_work else None
        by = row.paper_by if row else None
        return accounts.named(info.context.unit.session, [by]).get(by) if by else None

    @shown(TENANT, "催办与提醒, the newest first.")
    def reminders(self, info: Info) -> list[Reminder] | None:
        if _row(info, self.id) is None:
            return None
        return [
            Reminder(kind=each.kind, day=each.day, at=each.at, text=each.text)
            for each in reminder_queries.of(info.context.unit.session, self.id)
        ]

    @shown(TENANT, "核实情况.")
    def verification(self, info: Info) -> str | None:
        row = _row(info, self.id)
        return row.verification if row else None


def _row(info: Info, id: str) -> AssignmentRow | None:
    return handling_queries.at_work(info.context.unit.session, info.context.actor, id)


@strawberry.type(description="报到: one body that was called, and what it answered.")
class CallAnswer:
    body_id: Id = visible(TENANT, "Which body.")
    body: str = visible(TENANT, "By name.")
    comes: bool | None = visible(TENANT, "Whether it comes; null: it has not answered.")
    because: str | None = visible(TENANT, "Why it does not come.")
    answered_at: dt.datetime | None = visible(TENANT, "When it answered.")


@record_type
class Call(CallRecord, Node):
    @shown(TENANT, "办理经过, the oldest step first, for the office.")
    def history(self, info: Info) -> list[StepTaken] | None:
        return steps_of(info, self.id)

    @shown(TENANT, "Where to come, and when; for the office and those who are called.")
    def place(self, info: Info) -> str | None:
        row = call_queries.at_work(info.context.unit.session, info.context.actor, self.id)
        return row.place if row else None

    @shown(TENANT, "Who was called, and what each answered; for a body's contact its own.")
    def answers(self, info: Info) -> list[CallAnswer] | None:
        session, actor = info.context.unit.session, info.context.actor
        own = call_queries.own_answer(session, actor, self.id)
        rows = call_queries.answers(session, self.id) if actor.sees_work else [own] if own else None
        return [
            CallAnswer(
                body_id=Id(each.body_id), body=each.body, comes=each.comes, because=each.because,
                answered_at=each.answered_at,
            )
            for each in rows
        ] if rows is not None else None  # fmt: skip


@strawberry.input(description="Which calls; everything given must hold.")
class CallFilter:
    states: list[CallState] | None = strawberry.UNSET
    about_id: Id | None = strawberry.UNSET

    def wanted(self) -> call_queries.Wanted:
        return call_queries.Wanted(**given(self))


@strawberry.input(description="A call as it is made.")
class CallInput:
    caller: str
    title: str
    place: str = strawberry.field(description="Where to come, and when.")
    answer_by: dt.datetime
    body_ids: list[Id]
    about_id: Id | None = None

    def draft(self) -> CallDraft:
        return CallDraft(self.caller, self.title, self.place, self.answer_by, tuple(self.body_ids), self.about_id)


@strawberry.input(description="Which items; everything given must hold.")
class ItemFilter:
    kinds: list[ItemKind] | None = strawberry.UNSET
    states: list[ItemState] | None = strawberry.UNSET
    list_id: Id | None = strawberry.field(
        default=strawberry.UNSET, description="The topic, activity or campaign on whose list they stand."
    )
    text: str | None = strawberry.field(default=strawberry.UNSET, description="Words of the item.")

    def wanted(self) -> queries.Wanted:
        return queries.Wanted(**given(self))


@strawberry.input(description="Which assignments; everything given must hold. Days are included.")
class AssignmentFilter:
    states: list[AssignmentState] | None = strawberry.UNSET
    roles: list[AssignmentRole] | None = strawberry.UNSET
    item_id: Id | None = strawberry.UNSET
    body_id: Id | None = strawberry.UNSET
    due_from: dt.date | None = strawberry.UNSET
    due_to: dt.date | None = strawberry.UNSET
    late_on: dt.date | None = strawberry.field(
        default=strawberry.UNSET, description="Those that are owed a reply on that day, and late."
    )

    def wanted(self) -> handling_queries.Wanted:
        return handling_queries.Wanted(**given(self))


@strawberry.input(description="An item as somebody proposes it.")
class ItemInput:
    text: str
    kind: ItemKind = ItemKind.SUGGESTION
    body_id: Id | None = strawberry.field(default=None, description="The body that it is about, of the own list.")

    def draft(self) -> Draft:
        return Draft(self.kind, self.text, self.body_id)


@strawberry.input(description="One body's part: one leads and others assist it, or each answers separately.")
class PartInput:
    body_id: Id
    role: AssignmentRole
    due_on: dt.date | None = strawberry.field(
        default=None, description="Last day; without one, as many workdays from today as are usual."
    )

    def part(self) -> Part:
        return Part(self.body_id, self.role, self.due_on)


@strawberry.input(description="来文: by which the office enters what a body that has no account said (代录).")
class PaperInput:
    day: dt.date = strawberry.field(description="Of the paper.")
    number: str | None = strawberry.field(default=None, description="文号.")

    def paper(self) -> Paper:
        return Paper(self.day, self.number)


@strawberry.input(description="答复函 of a proposal, besides what every reply says.")
class LetterInput:
    number: str = strawberry.field(description="文号.")
    signed_by: str = strawberry.field(description="签发人 of the body.")
    talked: TalkedBy = strawberry.field(description="答前沟通: how its proposers were talked to before.")
    talked_on: dt.date | None = strawberry.field(default=None, description="When; needed but where they were not.")
    is_open: bool = strawberry.field(default=False, description="The body agrees that it is open to read.")

    def letter(self) -> Letter:
        return Letter(self.number, self.signed_by, self.talked, self.talked_on, self.is_open)


@strawberry.input(description="办理结果, as the body replies it.")
class ReplyInput:
    text: str
    kind: ReplyClass
    contact_name: str
    contact_phone: str
    letter: LetterInput | None = strawberry.field(default=None, description="Needed where it answers a proposal.")

    def reply(self) -> Reply:
        letter = self.letter.letter() if self.letter else None
        return Reply(self.text, self.kind, self.contact_name, self.contact_phone, letter)


@strawberry.type(description="答复函: one answer to a proposal, as its body wrote it.")
class ReplyLetter:
    body: str | None = visible(TENANT, "Who answered.")
    number: str = visible(TENANT, "文号.")
    replied_on: dt.date = visible(TENANT, "Day of the answer.")
    reply_class: ReplyClass = visible(TENANT, "答复类别.")
    text: str = visible(TENANT, "What it says.")
    talked: TalkedBy = visible(TENANT, "答前沟通: how its proposers were talked to before.")
    talked_on: dt.date | None = visible(TENANT, "When.")
    signed_by: str | None = visible(TENANT, "签发人 of the body.", personal=True)
    handler: str | None = visible(TENANT, "承办人.", personal=True)
    is_open: bool = visible(TENANT, "The body agrees that it is open to read.")

    @classmethod
    def of(cls, row: AssignmentRow, letter: LetterRow) -> "ReplyLetter":
        return cls(
            body=row.body, number=letter.number, replied_on=letter.replied_on, reply_class=letter.reply_class,
            text=letter.text, talked=letter.talked, talked_on=letter.talked_on, signed_by=letter.signed_by,
            handler=letter.handler, is_open=letter.is_open,
        )  # fmt: skip
