"""Forms of items and assignments: their fields, and what they say."""

from collections.abc import Iterable, Mapping

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.items import AssignmentRole, ItemKind, ReplyClass
from tenant_service.assignments.descriptions import Draft, Letter, Paper, Reply
from tenant_service.assignments.models import ItemRow
from tenant_service.assignments.rules import Part, TalkedBy
from tenant_service.web.forms import Form

FIELDS = ("kind", "bodyId", "texts")
REDRAFT_FIELDS = ("kind", "bodyId", "text")
PART_FIELDS = ("lead", "assist", "separate", "dueOn", "instructions")
PAPER_FIELDS = ("paperOn", "paperNumber")
REPLY_FIELDS = (
    "reply", "replyClass", "contactName", "contactPhone", "documentNo", "signedBy", "talked", "talkedOn", "isOpen",
)  # fmt: skip
HANDLING_FIELDS = (*PART_FIELDS, *REPLY_FIELDS, *PAPER_FIELDS, "suggested", "found")


def drafts_of(form: Form) -> list[Draft]:
    """One item a line. Raises: Refusal BAD_VALUE, of the field that cannot be read or says nothing."""
    kind, body = form.needed_kind("kind", ItemKind), form.text("bodyId")
    texts = form.lines("texts")
    if not texts:
        raise Refusal(Code.BAD_VALUE, field="texts", why=Said("必填", "it is needed"))
    return [Draft(kind, text, body) for text in texts]


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(form.needed_kind("kind", ItemKind), form.get("text"), form.text("bodyId"))


def parts_of(form: Form) -> list[Part]:
    """Who leads and who assists, or who answers separately; all until the same day.

    Raises:
        Refusal: BAD_VALUE, of the day that cannot be read.
    """
    due = form.day("dueOn")
    leads = [Part(body, AssignmentRole.LEAD, due) for body in form.all("lead") if body]
    assisting = [Part(body, AssignmentRole.ASSIST, due) for body in form.all("assist") if body]
    separate = [Part(body, AssignmentRole.SEPARATE, due) for body in form.all("separate") if body]
    return [*leads, *assisting, *separate]


def reply_of(form: Form) -> Reply:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    kind = form.needed_kind("replyClass", ReplyClass)
    return Reply(form.get("reply"), kind, form.get("contactName"), form.get("contactPhone"), _letter_of(form))


def _letter_of(form: Form) -> Letter | None:
    """答复函; None: the reply answers no proposal. Raises: Refusal BAD_VALUE."""
    if not form.tells("documentNo") and not form.tells("signedBy"):
        return None
    return Letter(
        form.get("documentNo"), form.get("signedBy"), form.needed_kind("talked", TalkedBy), form.day("talkedOn"),
        form.tells("isOpen"),
    )  # fmt: skip


def paper_of(form: Form) -> Paper | None:
    """What the office enters for a body; None: the form is the body's own. Raises: Refusal BAD_VALUE, without a day."""
    return Paper(form.needed_day("paperOn"), form.text("paperNumber")) if form.tells("onPaper") else None


def filled(row: ItemRow) -> dict[str, str]:
    """The fields as the item stands now."""
    return {"kind": row.kind.value, "bodyId": row.body_id or "", "text": row.text}


def written(form: Form, fields: Iterable[str], otherwise: Mapping[str, str] | None = None) -> dict[str, str]:
    """What was just written into these fields, where it is this form that was sent."""
    if not any(form.tells(name) for name in fields):
        return dict(otherwise or {})
    return {name: form.get(name) for name in fields}
