"""A report's form: its fields, what they say, and what they are filled with."""

from collections.abc import Iterable

from sync.contract.shapes.reports import ReportKind
from tenant_service.reports.descriptions import Draft
from tenant_service.reports.models import ReportAuthorRow, ReportRow
from tenant_service.web.forms import Form

FIELDS = ("title", "kind", "text", "advice", "authors", "sourceId")


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        title=form.get("title"), kind=form.needed_kind("kind", ReportKind), text=form.get("text"),
        advice=form.lines("advice"), authors=form.lines("authors"), source_id=form.text("sourceId"),
    )  # fmt: skip


def filled(row: ReportRow, authors: Iterable[ReportAuthorRow]) -> dict[str, str]:
    """The fields as the report stands now."""
    return {
        "title": row.title, "kind": row.kind.value, "text": row.text or "", "advice": "\n".join(row.advice or ()),
        "authors": "\n".join(each.name for each in authors),
    }  # fmt: skip


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}
