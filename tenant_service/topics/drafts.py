"""Forms of topics: their fields, what they say, and what they are filled with."""

from collections.abc import Iterable

from sync.contract.shapes.topics import TopicCategory
from tenant_service.topics.descriptions import Described, Plan, Report
from tenant_service.topics.models import TopicRow
from tenant_service.web.forms import Form

DESCRIBED = ("title", "summary", "category", "areaId")
REPORT = ("words", "place", "name", "phone", "showsName")
PLAN = ("decidedBy", "decidedOn", "year", "theme")
OTHERS = (
    "source", "venueId", "reason", "code", "to", "unitId", "intoId", "parts", "procedureId", "need", "day", "note",
    "activityId", "workNote", "answer", "trackedUntil", "kind", "otherId", "targetId", "purpose", "personId",
    "unclassified",
)  # fmt: skip
FIELDS = (*DESCRIBED, *REPORT, *PLAN, *OTHERS)


def described_of(form: Form) -> Described:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Described(
        form.get("title"), form.text("summary"), form.kind("category", TopicCategory), form.text("areaId")
    )  # fmt: skip


def report_of(form: Form) -> Report:
    return Report(
        form.get("words"), form.text("place"), form.text("name"), form.text("phone"), form.tells("showsName")
    )  # fmt: skip


def plan_of(form: Form) -> Plan | None:
    """None: no day was given. Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    day = form.day("decidedOn")
    return Plan(form.get("decidedBy"), day, form.number("year"), form.text("theme")) if day else None


def filled(row: TopicRow) -> dict[str, str]:
    """The fields as the topic stands now."""
    return {
        "title": row.title, "summary": row.summary or "", "category": row.category.value if row.category else "",
        "areaId": row.area_id or "", "workNote": row.work_note or "", "answer": row.drafted_answer or "",
        "trackedUntil": row.tracked_until.isoformat() if row.tracked_until else "",
        "targetId": row.in_charge_id or "",
        "year": str(row.year) if row.year else "", "theme": row.theme or "",
    }  # fmt: skip


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}
