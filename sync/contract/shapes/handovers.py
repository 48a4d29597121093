"""交办件 (handover): an assignment as it lies in the inbox of a body that another committee lists.

The 交办单位 of one committee may name a body of another's list, where that committee's office offers it. The assignment
stays its owner's; what the body needs of it is told to the body's home in the partner channel, and to nobody else. What
the body does with it are requests of its home (`requests`, kind HANDLE), which the owner takes over by its own rules.
"""

import datetime as dt

from sync.contract.ids import Id
from sync.contract.kinds import Kind
from sync.contract.shapes.items import AssignmentRole, AssignmentState, Satisfaction
from sync.contract.visibility import Visible, record, visible


class HandlingAct(Kind):
    """办理行为: what a body does with what is assigned to it, as `detail` of a request of kind HANDLE."""

    ACCEPT = "ACCEPT", "签收"
    ASK_TO_RETURN = "ASK_TO_RETURN", "申请退办"
    ASK_EXTENSION = "ASK_EXTENSION", "申请延期"
    REPLY = "REPLY", "回复"


@record
class HandoverRecord:
    """交办件: what another committee's 交办单位 assigned to a body, as the body's home is told it."""

    id: Id = visible(Visible.FEDERATION, "Global id.")
    committee_id: Id = visible(Visible.FEDERATION, "Committee that handed it over.")
    to_id: Id = visible(Visible.FEDERATION, "Home of the body, which alone is told.")
    assignment_id: Id = visible(Visible.FEDERATION, "The assignment, of the committee that handed it over.")
    body_id: Id = visible(Visible.FEDERATION, "承办单位, of the home's list.")
    state: AssignmentState = visible(Visible.FEDERATION, "Where the assignment stands, for this body.")
    role: AssignmentRole = visible(Visible.FEDERATION, "Lead, assisting or separate.")
    title: str | None = visible(Visible.MECHANISM, "事由: topic, activity or campaign from whose list it comes.")
    text: str | None = visible(Visible.MECHANISM, "What is to be handled: the item's words.")
    office: str | None = visible(Visible.MECHANISM, "交办单位, by name.")
    instructions: str | None = visible(Visible.MECHANISM, "交办要求.")
    assigned_on: dt.date | None = visible(Visible.MECHANISM, "交办日期.")
    due_on: dt.date | None = visible(Visible.MECHANISM, "Last day.")
    was_due_on: dt.date | None = visible(Visible.MECHANISM, "Last day before it was extended; null: never was.")
    due_is_estimate: bool | None = visible(Visible.MECHANISM, "Holidays on the way to it are not published yet.")
    return_until: dt.date | None = visible(Visible.MECHANISM, "Last day to ask that it be returned.")
    return_days: int | None = visible(Visible.MECHANISM, "Workdays of that term.")
    extension_until: dt.date | None = visible(Visible.MECHANISM, "Day asked for; null: none is, or it was decided.")
    replied_at: dt.datetime | None = visible(Visible.MECHANISM, "When it was replied to; of the last reply.")
    days_late: int | None = visible(Visible.MECHANISM, "逾期天数 of the reply, for good; null before.")
    reason: str | None = visible(Visible.MECHANISM, "Why it was last upheld, not extended, sent back or withdrawn.")
    opinions: list[str] | None = visible(Visible.MECHANISM, "会办意见 that the lead has, each behind its body's name.")
    awaited: list[str] | None = visible(Visible.MECHANISM, "Assisting bodies whose opinion a lead's reply waits for.")
    satisfaction: Satisfaction | None = visible(Visible.MECHANISM, "What was said of the result.")
    files: int | None = visible(Visible.MECHANISM, "Files of evidence that the body's home said it keeps.")
    closed_at: dt.datetime | None = visible(Visible.MECHANISM, "When it was closed.")
    moved_at: dt.datetime | None = visible(Visible.MECHANISM, "改派: since when another body has it; null: this one.")
    revision: int = visible(Visible.FEDERATION, "Grows with every change.")
    changed_at: dt.datetime = visible(Visible.FEDERATION, "Last change.")
    urged_on: dt.date | None = visible(Visible.MECHANISM, "催办: when its body was last urged.", default=None)
    urging: str | None = visible(Visible.MECHANISM, "In which words.", default=None)


class HandoverOrder(Kind):
    """交办件排序."""

    DUE_ON_ASC = "DUE_ON_ASC", "期限由近到远"
