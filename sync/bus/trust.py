"""What a committee knows of the federation while it runs: the directory in force, and its own keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from joserfc.jwk import ECKey

from sync.bus import streams, wire
from sync.contract import jose
from sync.contract.channels import is_channel, parts_of
from sync.contract.trust.directory import Directory
from sync.log import Head, stand_statement


@dataclass
class Trust:
    """Replaced in place when a newer directory or a new key comes, so that all who hold it see the same.

    Attributes:
        me: This committee.
        directory: The last good one.
        event: The newest key for the heads of my logs.
        enc: Keys that bodies were sealed to, newest first; old ones stay, because old copies are opened with them.
        older_event: Keys before `event`, newest first: one of them signs while the directory does not show a newer one,
            so that a key can be changed without a moment in which nobody believes me.
    """

    me: str
    directory: Directory
    event: ECKey
    enc: Sequence[ECKey] = field(default_factory=list)
    older_event: Sequence[ECKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._verify = wire.verifier(lambda: self.directory)
        self._erased = wire.verifier(lambda: self.directory, wire.ERASED)

    def signing(self) -> ECKey:
        """The newest key of mine that others know; where they know none of mine, the newest."""
        return self.directory.newest_shown(self.me, "event", [self.event, *self.older_event])

    def sign(self, log: str, head: Head) -> str:
        return wire.signer(self.signing())(log, head)

    def sign_erasure(self, log: str, head: Head) -> str:
        return wire.eraser(self.signing())(log, head)

    def verify(self, log: str, head: Head) -> bool | None:
        """Whether the log's owner signed this head; None: with a key that the directory does not show."""
        return self._verify(log, head)

    def erased(self, log: str, head: Head) -> bool | None:
        """Whether the log's owner signed that the event at this head was erased; None: with an unknown key."""
        return self._erased(log, head)

    def sign_stand(self, log: str, head: Head, nonce: str) -> str:
        return jose.sign_detached(wire.STAND, stand_statement(log, head, nonce), self.signing())

    def stands(self, log: str, head: Head, nonce: str, proof: str) -> bool:
        """Whether the log's owner signed that its log ended at this head when it was asked with this nonce."""
        owner, _ = parts_of(log)
        keys = self.directory.keys(owner, "event")
        return any(jose.is_signed(wire.STAND, proof, stand_statement(log, head, nonce), key) for key in keys)

    def holders(self, log: str) -> list[str]:
        """Whom to ask about a log: its owner first, then those fellow readers that the hub lets this one ask."""
        return streams.holders(self.directory, log, self.me)

    def may_read(self, who: str, log: str) -> bool:
        """Whether `who` may be given rows of this log: its readers, and its owner, whose database may be a backup."""
        owner, channel = parts_of(log)
        if not is_channel(channel):
            return False  # the name is whatever the asker wrote
        return self.directory.is_active(who) and (who == owner or self.directory.is_reader(log, who))

    def unsealed(self, sealed: jose.Sealed | str) -> bytes:
        """Raises: jose.Untrusted, sealed to no key of mine."""
        for key in self.enc:
            try:
                return jose.unsealed(sealed, key)
            except jose.Untrusted:
                continue
        raise jose.Untrusted("sealed to a key that is not here")
