"""One registrar's folder: its keys, its charter, its ledger, and what it signs.

FOLDER/root.jwk                  the federation's root key, its public half
FOLDER/root.private.jwk          the same with the secret, only where the root is kept; best on a stick, in a safe
FOLDER/registrar.private.jwk     the key that signs this registrar's part
FOLDER/charter.jws               who is a registrar, and of which ids
FOLDER/ledger.jsonl              every act; all else is computed from it
FOLDER/part.jws                  what this registrar says, for whoever puts the directory together
FOLDER/parts/NAME.jws            the same of another registrar, put there to be taken into the directory
FOLDER/fitting/NAME.jws          the same as it fitted last
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from joserfc.jwk import ECKey

from sync.contract import jose
from sync.contract.trust import descriptors, directory_parts, signed_directory
from sync.contract.trust.directory import Directory
from sync.contract.trust.directory_parts import CHARTER_LIVES, LIVES, Charter, Part, Registrar
from sync.edge.key_files import KeyTrouble, kept_key, key_in, public_key_in, write_public
from sync.registrar.acts import Act, Line
from sync.registrar.gathering import bundle, gathered
from sync.registrar.ledger import Broken, Ledger
from sync.registrar.register import Register

log = logging.getLogger(__name__)

OWN = "own"
"""The name of this registrar's part among the others."""


class NotFounded(Exception):
    """The folder is no registrar's, or this registrar was given no ids yet; says what to do."""


TROUBLE = (NotFounded, Broken, KeyTrouble, OSError, jose.Untrusted)
"""Whatever keeps a registrar from signing, besides a refusal."""


class Office:
    """`directory`: where the whole directory is written; `clock`: Unix seconds."""

    def __init__(self, folder: Path, directory: Path, clock: Callable[[], int]) -> None:
        self.folder, self.directory, self._clock = folder, directory, clock
        self.ledger = Ledger(folder / "ledger.jsonl")
        self._signs = True
        self.left_out: dict[str, str] = {}
        """Name of a part that was not taken into the directory → why, at the last signing."""

    # ── keys and charter ──

    def found(self, name: str, prefixes: list[str]) -> None:
        """A root, and a registrar under it: what a federation begins with. What is there already stays.

        Raises:
            KeyTrouble, OSError.
        """
        root = key_in(self.folder / "root.private.jwk")
        write_public(self.folder / "root.jwk", root)
        self.join()
        if not self._charter.exists():
            self.grant(name, descriptors.root_of(self.key()), prefixes)

    def join(self) -> None:
        """A registrar under somebody else's root: its key is there, and the public half beside it, to hand over."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_public(self.folder / "registrar.jwk", key_in(self.folder / "registrar.private.jwk"))

    def grant(self, name: str, key: descriptors.Root, prefixes: list[str]) -> Charter:
        """Whoever holds this key may define ids that begin with one of these; none: nobody's any longer.

        Raises:
            KeyTrouble: the root's secret is not here.
        """
        now = self._clock()
        was = self.charter() if self._charter.exists() else Charter(serial=0, issued_at=0, expires_at=0, registrars=[])
        others = [each for each in was.registrars if each.name != name and each.key != key]
        given = [Registrar(name=name, key=key, prefixes=prefixes)] if prefixes else []
        made = Charter(
            serial=was.serial + 1, issued_at=now, expires_at=now + CHARTER_LIVES, registrars=[*others, *given]
        )
        self._sign_charter(made)
        return made

    def _sign_charter(self, charter: Charter) -> None:
        secret = kept_key(self.folder / "root.private.jwk")
        write_text(self._charter, directory_parts.signed_charter(charter, secret))

    @property
    def _charter(self) -> Path:
        return self.folder / "charter.jws"

    def key(self) -> ECKey:
        return kept_key(self.folder / "registrar.private.jwk")

    def root(self) -> ECKey:
        """Raises: NotFounded."""
        file = self.folder / "root.jwk"
        if not file.exists():
            raise NotFounded(f"{file} is not there: `liandong directory init` makes one, or the hub's operator has it")
        return public_key_in(file)

    def charter(self) -> Charter:
        """Raises: NotFounded; jose.Untrusted, the root did not sign it."""
        if not self._charter.exists():
            raise NotFounded(
                f"{self._charter} is not there: the hub's operator signs it, with `liandong directory grant`"
            )
        return directory_parts.read_charter(self._charter.read_text(encoding="utf-8").strip(), self.root())

    def seat(self) -> Registrar:
        """What the charter lets this registrar do. Raises: NotFounded; jose.Untrusted."""
        mine = descriptors.root_of(self.key())
        for each in self.charter().registrars:
            if each.key == mine:
                return each
        raise NotFounded("the charter does not name this registrar's key")

    # ── acts ──

    def register(self) -> tuple[Register, list[Line]]:
        """Where everybody stands. Raises: Broken, also when the lines are not those that were signed for."""
        lines = self.ledger.lines()
        self._compare(lines)
        return Register(lines, self.seat()), lines

    def act(self, act: Act, who: str) -> Register:
        """The act is in the ledger, and the directory says so. `who`: the person, by name.

        Raises:
            Refusal: it may not be; nothing changed.
            Broken, NotFounded, KeyTrouble, OSError, jose.Untrusted.
        """
        with self.ledger.held() as lines:
            self._compare(lines)
            register, now = Register(lines, self.seat()), self._clock()
            register.take(act, now)
            lines.append(self.ledger.append(lines, act, who, now))
            if self._signs:
                self._sign(register, lines)
        return register

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several acts, after which is signed once."""
        self._signs = False
        try:
            yield
        finally:
            self._signs = True
        self.sign()

    def _compare(self, lines: list[Line]) -> None:
        """Raises: Broken, a part that was signed speaks of other lines than these."""
        for file in (self.folder / "part.jws", self.directory):
            if file.exists():
                self.compare(lines, file.read_text(encoding="utf-8"))

    def compare(self, lines: list[Line], text: str) -> int:
        """The number of the line that our part in `text` was signed after; 0: none of ours is in it. `text`: a part, or
        a directory in anybody's hands.

        Raises:
            Broken: it was signed after another line than the one that is here now.
        """
        key = self.key()
        for each in text.split():
            if jose.type_and_signer(each) == (directory_parts.PART, key.kid):
                signed = directory_parts.read_part(each, key)
                here = lines[signed.serial - 1].hash if 0 < signed.serial <= len(lines) else ""
                if here != signed.ledger:
                    raise Broken(f"line {signed.serial} is not the one that the directory was signed after")
                return signed.serial
        return 0

    # ── what is signed ──

    def sign(self) -> Directory:
        """Part and directory are signed anew, and say what they said, for another seven days.

        Raises:
            Broken, NotFounded, KeyTrouble, OSError, jose.Untrusted.
        """
        with self.ledger.held() as lines:
            self._compare(lines)
            return self._sign(Register(lines, self.seat()), lines)

    def _sign(self, register: Register, lines: list[Line]) -> Directory:
        now = self._clock()
        self._renew_charter(now)
        part = Part(
            serial=len(lines), issued_at=now, expires_at=now + LIVES, entries=register.entries(),
            mechanisms=list(register.mechanisms.values()), ledger=lines[-1].hash if lines else "",
        )  # fmt: skip
        own = bundle(directory_parts.signed_part(part, self.key()), register.texts())
        parts = {file.stem: file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("parts/*.jws"))}
        fitted = {file.stem: file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("fitting/*.jws"))}
        charter = self._charter.read_text(encoding="utf-8").strip()
        text, taken, self.left_out = gathered(
            charter, self.root(), {OWN: own, **parts}, {OWN: own, **fitted}, self.published()
        )
        for name, why in self.left_out.items():
            log.error("the part %s is left out, and the one before it stays: %s", name, why)
        write_text(self.folder / "part.jws", own)
        for name, each in taken.items():
            if name != OWN:
                write_text(self.folder / "fitting" / f"{name}.jws", each)
        write_text(self.directory, text)
        return signed_directory.read(text, self.root())

    def _renew_charter(self, now: int) -> None:
        """Long before its end, where the root's secret is here."""
        charter = self.charter()
        if charter.expires_at - now < CHARTER_LIVES // 2 and (self.folder / "root.private.jwk").exists():
            renewed = msgspec.structs.replace(
                charter, serial=charter.serial + 1, issued_at=now, expires_at=now + CHARTER_LIVES
            )
            self._sign_charter(renewed)

    def published(self) -> Directory | None:
        """What was written last; None: nothing yet. Raises: jose.Untrusted, somebody else wrote it."""
        if not self.directory.exists():
            return None
        return signed_directory.read(self.directory.read_text(encoding="utf-8"), self.root())


def write_text(file: Path, text: str) -> None:
    """The file says `text`, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
