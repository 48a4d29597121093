"""What keeps the search whole."""

from collections.abc import Iterator

from tenant_service.identity.actor import nobody
from tenant_service.search.queries import SEARCHED
from tenant_service.storage.searched import complete, is_complete
from tenant_service.storage.unit_of_work import Units


def completing(units: Units) -> Iterator[int]:
    """Puts every record that is searched into the index, a slice at each step; tells how many of it were missing.
    Nothing is held between two steps: others write meanwhile.
    """
    anybody = nobody(units.committee)
    for reaching in SEARCHED.values():
        for owners in (None, ()):
            model, _ = reaching(anybody, owners)
            with units.read() as unit:
                last: str | None = None if is_complete(unit.session, model) else ""
            while last is not None:
                with units.write() as unit:
                    last, put = complete(unit.session, model, last)
                yield put
