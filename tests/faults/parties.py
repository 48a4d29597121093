"""Who takes part in a run, and who may read what: told here once more, by hand, so that the checker asks nobody.

330000 province ─ 330100 city ─┬ 330110 county ─ mechanism ─ 310118 partner
                               ├ 330105 joiner (admitted while the run goes on, later a member of the mechanism)
                               └ 330109 hostile (has credentials and keys, and runs no service)
"""

from dataclasses import dataclass, field

from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust.directory import Contents, Listed, ListedMechanism

PROVINCE, CITY, COUNTY, JOINER, PARTNER, HOSTILE = "330000", "330100", "330110", "330105", "310118", "330109"
HONEST = (PROVINCE, CITY, COUNTY, PARTNER, JOINER)
PARENTS = {CITY: PROVINCE, COUNTY: CITY, JOINER: CITY, HOSTILE: CITY}
MECHANISM = "0192f0c1d2e34567890abcdef0123456"
OF_MECHANISM = f"m_{MECHANISM}"
DEEP = ("c", "p", "n", "m", "x")
"""First letters of the channels whose readers are told what is for partners and parents alone."""


@dataclass
class Parties:
    """Those who are admitted, and those of them who are in the mechanism."""

    present: list[str] = field(default_factory=lambda: [PROVINCE, CITY, COUNTY, PARTNER, HOSTILE])
    members: list[str] = field(default_factory=lambda: [COUNTY, PARTNER])

    @property
    def honest(self) -> list[str]:
        return [each for each in self.present if each != HOSTILE]

    def neighbours(self, id: str) -> list[str]:
        up = PARENTS.get(id)
        near = {each for each, parent in PARENTS.items() if parent == id or (up and parent == up)}
        near |= {up} if up else set()
        near |= set(self.members) if id in self.members else set()
        return [each for each in self.present if each in near and each != id]

    def channels_of(self, owner: str) -> list[str]:
        mechanism = [OF_MECHANISM] if owner in self.members else []
        return ["c", "p", "n", "d", "o", *mechanism, *(f"x_{each}" for each in self.neighbours(owner))]

    def may_read(self, reader: str, owner: str, channel: str) -> bool:
        if reader == owner or reader not in self.present:
            return False
        return {
            "c": PARENTS.get(owner) == reader,
            "p": reader in ancestors(owner),
            "n": reader in ancestors(owner),
            "d": owner in ancestors(reader),
            "o": reader in self.neighbours(owner),
            "x": reader == channel[2:] and reader in self.neighbours(owner),
            "m": channel == OF_MECHANISM and {reader, owner} <= set(self.members),
        }[channel[0]]

    def logs(self, reader: str) -> list[str]:
        """All that this reader may follow of honest owners."""
        return [
            f"{owner}/{channel}"
            for owner in self.honest
            for channel in self.channels_of(owner)
            if self.may_read(reader, owner, channel)
        ]


def ancestors(id: str) -> list[str]:
    found = []
    while id in PARENTS:
        id = PARENTS[id]
        found.append(id)
    return found


class Registry:
    """The directory as the registrar would sign it now; each change gives it a higher serial."""

    def __init__(self) -> None:
        self.parties = Parties()
        self.suspended = set[str]()
        self.event: dict[str, list[ECKey]] = {id: [jose.new_key()] for id in (*HONEST, HOSTILE)}
        """Private keys, newest last."""
        self.enc: dict[str, ECKey] = {id: jose.new_key() for id in (*HONEST, HOSTILE)}
        self._serial = 0

    def contents(self) -> Contents:
        entries = [self._listed(id) for id in self.parties.present]
        mechanism = ListedMechanism(id=f"{COUNTY}.mechanism.{MECHANISM}", name="联动", members=self.parties.members)
        self._serial += 1
        return Contents(serial=self._serial, issued_at=0, expires_at=2**40, entries=entries, mechanisms=[mechanism])

    def _listed(self, id: str) -> Listed:
        public = [jose.public(key) for key in reversed(self.event[id])]
        return Listed(
            id=id, name=id, level={PROVINCE: Level.PROVINCE, CITY: Level.CITY}.get(id, Level.COUNTY),
            parent=PARENTS.get(id), keys={"event": public, "enc": [jose.public(self.enc[id])]},
            state=CommitteeState.SUSPENDED if id in self.suspended else CommitteeState.ACTIVE,
        )  # fmt: skip
