"""What rooms of Jiashan's service need beside a session."""

from dataclasses import replace
from typing import Any

from tenant_service import rooms
from tenant_service.exchange.projecting import Projector
from tenant_service.identity import quotas
from tenant_service.identity.keys import Keys
from tenant_service.services import Services
from tenant_service.statistics import queries as figures
from tests.tenant_service import places


def services(**others: Any) -> Services:
    """As a committee puts them together, with `others` in the place of some."""
    token, event, code, enc = (places.key(places.JIASHAN, use) for use in ("token", "event", "code", "enc"))
    made = Services(
        Keys(token, event, code, enc), rooms.HANDLERS,
        Projector(places.trust(places.JIASHAN), rooms.projections(places.directory)), rooms.COUNTING, rooms.CALLED,
        figures.reported,
        rooms.persons_in_use, rooms.in_hands, frozenset(), quotas.MOST_A_DAY, opens=rooms.OPENS, done=rooms.DONE,
        sheets=rooms.SHEETS, people=rooms.PEOPLE,
    )  # fmt: skip
    return replace(made, **others)


SERVICES = services()
