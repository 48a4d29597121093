"""A venue's form: its fields, what they say, and what they are filled with."""

import re
from collections.abc import Iterable

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.venues import VenueKind, VenueType
from tenant_service.venues.models import SpaceRow, VenueRow
from tenant_service.venues.service import Draft, Space
from tenant_service.web.forms import Form

FIELDS = (
    "name", "kind", "type", "brand", "area", "areaId", "address", "openedOn", "parentId", "spaces", "contactName",
    "contactPhone",
)  # fmt: skip


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        name=form.get("name"), kind=form.needed_kind("kind", VenueKind), address=form.get("address"),
        type=form.kind("type", VenueType), brand=form.text("brand"), area=form.text("area"),
        area_id=form.text("areaId"), opened_on=form.day("openedOn"), parent_id=form.text("parentId"),
        spaces=tuple(map(_space, form.lines("spaces"))), contact_name=form.text("contactName"),
        contact_phone=form.text("contactPhone"),
    )  # fmt: skip


def filled(row: VenueRow, spaces: Iterable[SpaceRow], phone: str | None) -> dict[str, str]:
    """The fields as the venue stands now, the contact's phone as it is shown to whoever fills them in."""
    return {
        "name": row.name, "kind": row.kind.value, "type": row.type.value if row.type else "", "brand": row.brand or "",
        "area": row.area or "", "areaId": row.area_id or "", "address": row.address,
        "openedOn": str(row.opened_on or ""), "parentId": row.parent_id or "",
        "spaces": "\n".join(f"{space.name} {space.capacity} {hours(space)}".rstrip() for space in spaces),
        "contactName": row.contact_name or "", "contactPhone": phone or "",
    }  # fmt: skip


_DAYS = "一二三四五六日"
_LINE = re.compile(
    r"(?P<name>.*\S)\s+(?P<seats>[0-9]{1,6})(?:\s+(?P<opens>[0-9]{2}:[0-9]{2})[-–—](?P<closes>[0-9]{2}:[0-9]{2}))?"
    rf"(?:\s+周(?P<since>[{_DAYS}])至周(?P<until>[{_DAYS}]))?"
)


def _space(line: str) -> Space:
    """`请你来协商厅 120 09:00-17:00 周二至周日`: a name, its seats, and if it is not always open, when."""
    told = _LINE.fullmatch(line)
    if told is None:
        why = Said(
            "每行写“名称 座位数”，可接“09:00-17:00 周一至周五”",
            "each line: a name and its seats; hours and weekdays may follow",
        )
        raise Refusal(Code.BAD_VALUE, field="spaces", why=why)
    weekdays = ""
    if told["since"]:
        first, last = _DAYS.index(told["since"]) + 1, _DAYS.index(told["until"]) + 1
        weekdays = "".join(str(each) for each in range(1, 8) if first <= each <= last)
    return Space(told["name"], int(told["seats"]), told["opens"], told["closes"], weekdays)


def hours(space: SpaceRow) -> str:
    """When it is open, as a clerk writes it; "": always."""
    at = f"{space.opens}-{space.closes}" if space.opens else ""
    days = f"周{_DAYS[int(space.weekdays[0]) - 1]}至周{_DAYS[int(space.weekdays[-1]) - 1]}" if space.weekdays else ""
    return " ".join(each for each in (at, days) if each)
