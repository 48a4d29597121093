"""A campaign's form: its fields, what they say, and what they are filled with."""

from collections.abc import Iterable

from sync.contract.shapes.supervision import CampaignKind
from tenant_service.supervision.descriptions import Draft
from tenant_service.supervision.models import CampaignRow
from tenant_service.web.forms import Form

FIELDS = ("title", "kind", "year", "policy", "measures", "works", "bodyIds")


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        title=form.get("title"), kind=form.needed_kind("kind", CampaignKind), year=form.needed_number("year"),
        policy=form.text("policy"), measures=form.lines("measures"), works=form.lines("works"),
        body_ids=form.all("bodyIds"),
    )  # fmt: skip


def filled(row: CampaignRow) -> dict[str, str]:
    """The fields as the plan stands now, besides its bodies, which are ticked."""
    return {
        "title": row.title, "kind": row.kind.value, "year": str(row.year), "policy": row.policy or "",
        "measures": "\n".join(row.measures or ()), "works": "\n".join(row.works or ()),
    }  # fmt: skip


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}
