"""分组与座位: who sits in which group and where. One function, one use case."""

import re
from collections.abc import Sequence

from sync.contract.errors import Code, Refusal, Said
from tenant_service import wording
from tenant_service.attendance import entries, queries
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit

_BETWEEN = re.compile(r"[\t,，;；]+| {1,}")


def seat(unit: Unit, actor: Actor, activity: str, lines: Sequence[str]) -> int:
    """Whoever is named on a line (姓名 组 座位, parted by commas, tabs or blanks; `-` for none) sits so from now on;
    how many.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_VALUE, no line, or a name of nobody or of several on the list.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = entries.open_activity(unit, activity)
    listed = list(queries.rows_for(unit.session, row.id).values())
    for line in lines:
        name, group, place = (*_BETWEEN.split(line.strip()), "", "")[:3]
        found = [each for each in listed if each.person_id and name in (each.name, each.participant)]
        if len(found) != 1:
            why = Said(f"名单中没有“{name}”", f"nobody on the list is called {name}")
            raise Refusal(Code.BAD_VALUE, field="lines", why=why)
        found[0].group_name = wording.optional("lines", group.removeprefix("-"), 40)
        found[0].seat = wording.optional("lines", place.removeprefix("-"), 40)
    if not lines:
        raise Refusal(Code.BAD_VALUE, field="lines", why=Said("必填", "it is needed"))
    audit.note(unit, actor, "attendance.seat", row.id)
    return len(lines)
