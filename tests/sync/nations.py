"""An invented federation of any size: a nation, its provinces, their cities and counties, and some mechanisms."""

from itertools import cycle

from sync.contract.levels import Level
from sync.contract.trust.directory import Contents, Listed, ListedMechanism

WHOLE = 3_200
"""Committees of a whole nation: about as many counties, cities and provinces as there are."""
_PROVINCES, _CITIES = 31, 11
_IN_A_MECHANISM = 4
NATION = "000000"


def contents(count: int, mechanisms: int | None = None) -> Contents:
    """`count` committees, counties spread evenly over cities and cities over provinces.

    Whole provinces come first where there are few. Without a number there is a mechanism for about fifty committees,
    each with members of several provinces or cities.
    """
    entries = [Listed(id=NATION, name="全国政协", level=Level.NATION)]
    provinces = min(_PROVINCES, max(1, count // 100))
    cities = []
    entries += [
        Listed(id=f"{province}0000", name="省政协", level=Level.PROVINCE, parent=NATION)
        for province in range(11, 11 + provinces)
    ]
    for city in range(1, min(_CITIES, max(1, count // 9 // provinces)) + 1):
        for province in range(11, 11 + provinces):
            cities.append(f"{province}{city:02}00")
            entries.append(Listed(id=cities[-1], name="市政协", level=Level.CITY, parent=f"{province}0000"))
    entries = entries[:count]
    counties = dict.fromkeys(cities, 0)
    for city_id in cycle(cities):
        if len(entries) >= count:
            break
        counties[city_id] += 1
        entries.append(Listed(id=f"{city_id[:4]}{counties[city_id]:02}", name="县政协", parent=city_id))
    ids = [each.id for each in entries]
    wanted = count // 50 if mechanisms is None else mechanisms
    made = []
    for number in range(wanted):
        members = [ids[(7 * number + 97 * at) % count] for at in range(_IN_A_MECHANISM)]
        made.append(ListedMechanism(id=f"{members[0]}.mechanism.{number:032x}", name="机制", members=members))
    return Contents(serial=1, issued_at=0, expires_at=2**40, entries=entries, mechanisms=made)
