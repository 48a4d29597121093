"""A proposal's form: its fields, what they say, and what they are filled with."""

from collections.abc import Iterable, Sequence

from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import ProposerKind
from sync.contract.shapes.topics import TopicCategory
from tenant_service.proposals.descriptions import MOST, Draft, Source
from tenant_service.proposals.models import ProposalRow, ProposalSignerRow
from tenant_service.web.forms import Form

FIELDS = (
    "title", "kind", "category", "situation", "analysis", "advice", "signers", "head", "sources", "voices",
    "bodiesWanted", "meetingId", "isOpen", "wantsMeeting",
)  # fmt: skip
LEAST_LINES, SPARE_LINES = 3, 2
"""Lines for sources that the form has, and empty ones after those that are filled."""


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        title=form.get("title"), kind=form.needed_kind("kind", ProposerKind),
        category=form.needed_kind("category", TopicCategory), situation=form.get("situation"),
        analysis=form.get("analysis"), advice=form.lines("advice"), signers=form.lines("signers"),
        head=form.text("head"), sources=tuple(_sources(form)), bodies_wanted=form.lines("bodiesWanted"),
        meeting_id=form.text("meetingId"), is_open=form.tells("isOpen"), wants_meeting=form.tells("wantsMeeting"),
    )  # fmt: skip


def filled(row: ProposalRow, signers: Iterable[ProposalSignerRow], sources: Sequence[Source]) -> dict[str, str]:
    """The fields as the proposal stands now."""
    rows = list(signers)
    return {
        "title": row.title, "kind": row.kind.value, "category": row.category.value, "situation": row.situation or "",
        "analysis": row.analysis or "", "advice": "\n".join(row.advice or ()),
        "signers": "\n".join(each.name for each in rows), "head": rows[0].head or "" if rows else "",
        "bodiesWanted": "\n".join(row.bodies_wanted or ()), "meetingId": row.meeting_id or "",
        "isOpen": "yes" if row.is_open else "", "wantsMeeting": "yes" if row.wants_meeting else "",
        **from_sources(sources),
    }  # fmt: skip


def from_sources(sources: Iterable[Source]) -> dict[str, str]:
    """The lines of the form for these."""
    return {
        f"{name}{line}": value
        for line, each in enumerate(sources, 1)
        for name, value in (
            ("origin", each.origin.value), ("sector", each.sector or ""), ("record", each.record_id or ""),
            ("told", each.told or ""), ("voices", str(each.voices)),
        )
    }  # fmt: skip


def written(form: Form) -> dict[str, str]:
    """What was just written; nothing, where the form is new."""
    return {name: form.get(name) for name in form.values if name not in ("csrf", "key")}


def lines_of(values: dict[str, str]) -> range:
    """The numbers of the form's lines for sources."""
    last = max((int(name[6:]) for name in values if name.startswith("origin") and name[6:].isdecimal()), default=0)
    return range(1, min(max(last + SPARE_LINES, LEAST_LINES), MOST) + 1)


def _sources(form: Form) -> Iterable[Source]:
    for line in range(1, MOST + 1):
        origin, told = form.kind(f"origin{line}", PostOrigin), form.text(f"told{line}")
        record = form.text(f"record{line}")
        if origin or told or record:
            yield Source(
                origin or PostOrigin.MEMBER, form.text(f"sector{line}"), record, told,
                form.number(f"voices{line}") or 1,
            )  # fmt: skip
