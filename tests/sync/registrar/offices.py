"""A registrar and its candidates, as people would act for them, on a clock that the test moves."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.levels import Level
from sync.contract.trust import admission, descriptors
from sync.contract.trust.directory import Directory, Use
from sync.registrar import candidate, service
from sync.registrar.candidate import Particulars, Wording
from sync.registrar.office import Office
from sync.registrar.register import Party

HERE, THERE = "王芳", "李强"
CITY, COUNTY, SISTER = "330100", "330110", "330102"
NUMBERS = itertools.count(1)
USES: tuple[Use, ...] = ("token", "event", "code", "enc")


@dataclass
class Clock:
    now: int = 1_775_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Candidate:
    """A committee's two machines: keys by use, newest first, and a root key elsewhere."""

    id: str
    parent: str | None = None
    level: Level = Level.COUNTY
    root: ECKey = field(default_factory=jose.new_key)
    keys: dict[Use, list[ECKey]] = field(default_factory=lambda: {use: [jose.new_key()] for use in USES})
    descriptor: str = ""

    def particulars(self, invite: str | None = None) -> Particulars:
        shown = {use: [jose.public(each) for each in keys] for use, keys in self.keys.items()}
        told = Particulars(id=self.id, keys=shown, login_url=f"https://{self.id}.example/gateway-sign-in")
        asked = admission.read_invite(invite) if invite else None
        return candidate.particulars(told, asked, [key for keys in self.keys.values() for key in keys])

    def answer(self, invite: str, now: int) -> str:
        asked, told = admission.read_invite(invite), self.particulars(invite)
        self.descriptor = candidate.first(told, asked, Wording(name=f"{self.id}政协"), self.root, now)
        return candidate.answer(told, asked, self.descriptor, self.root)

    @property
    def fingerprint(self) -> str:
        return descriptors.fingerprint(self.descriptor)

    def approval(self, now: int, by: str = THERE) -> str:
        return candidate.approval(self.descriptor, self.fingerprint, by, self.root, now)

    def renew(self, now: int, **about: Any) -> str:
        """The next descriptor, of the keys it has now; `without`: kids to be left out."""
        without = about.pop("without", ())
        made = candidate.renewed(self.particulars(), self.descriptor, Wording(**about), self.root, now, without)
        assert made is not None
        self.descriptor = made
        return made


class Registry:
    """One office in `folder`, for Hangzhou."""

    def __init__(self, folder: Path, prefixes: tuple[str, ...] = ("3301", "gw-3301")) -> None:
        self.clock = Clock()
        self.office = Office(folder / "registry", folder / "directory.jws", self.clock)
        self.office.found("杭州登记处", list(prefixes))
        self.office.sign()

    def invite(self, of: Candidate) -> str:
        jti = f"invite-{next(NUMBERS)}"
        return service.invite(self.office, of.id, HERE, jti, self.clock.now, level=of.level, parent=of.parent)

    def pending(self, of: Candidate) -> Party:
        return service.receive(self.office, of.answer(self.invite(of), self.clock.now), HERE)

    def admit(self, of: Candidate) -> Candidate:
        self.pending(of)
        service.approve_here(self.office, of.id, of.fingerprint, HERE)
        service.approve_there(self.office, of.approval(self.clock.now), HERE)
        return of

    def directory(self) -> Directory:
        found = self.office.published()
        assert found is not None
        return found

    def later(self, seconds: int) -> None:
        self.clock.now += seconds
