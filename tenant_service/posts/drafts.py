"""A post's form: its fields, what they say, and what they are filled with."""

from collections.abc import Iterable

from sync.contract.shapes.posts import PostKind, PostOrigin
from tenant_service.posts.descriptions import Draft
from tenant_service.posts.models import PostRow
from tenant_service.web.forms import Form

FIELDS = ("kind", "title", "text", "origin", "sector", "number", "source", "books", "links")


def draft_of(form: Form, origin: PostOrigin) -> Draft:
    """`origin`: where the form says none. Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        kind=form.needed_kind("kind", PostKind), title=form.get("title"), text=form.get("text"),
        origin=form.kind("origin", PostOrigin) or origin, sector=form.text("sector"), number=form.text("number"),
        source=form.text("source"), books=form.lines("books"), links=form.lines("links"),
    )  # fmt: skip


def filled(row: PostRow) -> dict[str, str]:
    """The fields as the draft stands now."""
    return {
        "kind": row.kind.value, "title": row.title, "text": row.text, "origin": row.origin.value,
        "sector": row.sector or "", "number": row.number or "", "source": row.source or "",
        "books": "\n".join(row.books or ()), "links": "\n".join(row.links or ()),
    }  # fmt: skip


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}
