"""A venue's form: its fields, what they say, and what they are filled with."""

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
        "spaces": "\n".join(f"{space.name} {space.capacity}" for space in spaces),
        "contactName": row.contact_name or "", "contactPhone": phone or "",
    }  # fmt: skip


def _space(line: str) -> Space:
    """`请你来协商厅 120`: a name, and its seats behind the last blank."""
    name, _, seats = line.rpartition(" ")
    if not name.strip() or not seats.isdecimal() or len(seats) > len("100000"):
        raise Refusal(
            Code.BAD_VALUE, field="spaces", why=Said("每行写“名称 座位数”", "each line: a name and its seats")
        )
    return Space(name.strip(), int(seats))
