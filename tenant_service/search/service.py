"""What keeps the search whole."""

from tenant_service.identity.actor import nobody
from tenant_service.search.queries import SEARCHED
from tenant_service.storage.searched import complete, is_complete
from tenant_service.storage.unit_of_work import Units


def complete_index(units: Units) -> int:
    """Every record that is searched is in the index; returns how many were not. In slices: others write meanwhile."""
    put, anybody = 0, nobody(units.committee)
    for reaching in SEARCHED.values():
        for owners in (None, ()):
            model, _ = reaching(anybody, owners)
            with units.read() as unit:
                last: str | None = None if is_complete(unit.session, model) else ""
            while last is not None:
                with units.write() as unit:
                    last, some = complete(unit.session, model, last)
                put += some
    return put
