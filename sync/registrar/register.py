"""Where each party stands, and what may happen next: pure rules over the acts of the ledger.

invited ─ answer (72 h, once) ─► pending ─ two approvals ─► active ⇄ suspended ─► closed (successor)
   ▲                                │                          └─────────────────────▲
   └──── another invite ────────────┘
"""

import re
from dataclasses import dataclass, field
from functools import singledispatchmethod

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import is_committee, owner_of
from sync.contract.kinds import Kind
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust import admission, descriptors
from sync.contract.trust.descriptors import Descriptor
from sync.contract.trust.directory_parts import Entry, JointMembers, Registrar, Relations
from sync.registrar.acts import (
    Act,
    Answered,
    Approved,
    Closed,
    Invited,
    Joined,
    Line,
    Recoded,
    Resumed,
    Rotated,
    Suspended,
    Voided,
)

REGISTRAR, COMMITTEE = "registrar", "committee"
"""The two sides that approve."""
_GATEWAY = re.compile(r"[a-z][0-9a-z-]{1,39}")


class Stage(Kind):
    """办理状态: where a party stands at its registrar."""

    INVITED = "INVITED", "已邀请"
    PENDING = "PENDING", "待批准"
    ACTIVE = "ACTIVE", "在册"
    SUSPENDED = "SUSPENDED", "已暂停"
    CLOSED = "CLOSED", "已撤销"


_SHOWN = {
    Stage.ACTIVE: CommitteeState.ACTIVE, Stage.SUSPENDED: CommitteeState.SUSPENDED, Stage.CLOSED: CommitteeState.CLOSED,
}  # fmt: skip
"""What the directory says of it; whoever is not here is not in the directory."""


@dataclass
class Party:
    """What the registrar knows of one id.

    Attributes:
        invite: The newest; whatever was invited before is void.
        descriptor: The text in force; empty: none came yet.
        approvals: Side → who approved, by name.
    """

    id: str
    stage: Stage
    invite: Invited
    descriptor: str = ""
    approvals: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    nbf_tokens: int = 0
    successor: str | None = None
    current_code: str = ""

    def told(self) -> Descriptor:
        return descriptors.read(self.descriptor)[0]

    def entry(self) -> Entry | None:
        """As the directory shows it; None: not yet."""
        if self.stage not in _SHOWN:
            return None
        return Entry(
            id=self.id, state=_SHOWN[self.stage], root=descriptors.read(self.descriptor)[1],
            descriptor=descriptors.digest(self.descriptor), nbf_tokens=self.nbf_tokens,
            relations=Relations(parent=self.parent, successor=self.successor, current_code=self.current_code),
        )  # fmt: skip


class Register:
    """All parties of one registrar."""

    def __init__(self, lines: list[Line], office: Registrar | None = None) -> None:
        """`office`: what the charter lets this registrar define; None: whatever is asked, as while lines are read
        back.

        Raises:
            Refusal: an act in the lines was never possible.
        """
        self.parties: dict[str, Party] = {}
        self.mechanisms: dict[str, JointMembers] = {}
        self._office: Registrar | None = None
        for line in lines:
            self.take(line.act, line.at)
        self._office = office

    def party(self, id: str) -> Party:
        """Raises: Refusal UNKNOWN_COMMITTEE."""
        if id not in self.parties:
            raise Refusal(Code.UNKNOWN_COMMITTEE, id=id[:40])
        return self.parties[id]

    def in_stage(self, id: str, *stages: Stage) -> Party:
        """Raises: Refusal UNKNOWN_COMMITTEE, OUT_OF_TURN."""
        found = self.party(id)
        if found.stage not in stages:
            raise Refusal(Code.OUT_OF_TURN, now=found.stage)
        return found

    @singledispatchmethod
    def take(self, act: Act, at: int) -> None:
        """`act` has happened at `at` (Unix seconds).

        Raises:
            Refusal: it may not; nothing changed.
        """
        raise NotImplementedError(type(act))

    # ── admission ──

    @take.register
    def _(self, act: Invited, _at: int) -> None:
        known = self.parties.get(act.id)
        if known and known.stage not in (Stage.INVITED, Stage.PENDING):
            raise Refusal(Code.ID_TAKEN, id=act.id, next=founded_anew(act.id))
        is_named = is_committee(act.id) if act.kind == "committee" else _GATEWAY.fullmatch(act.id) is not None
        if not is_named:
            raise Refusal(Code.BAD_ID, id=act.id[:40])
        if self._office and not self._office.may_define(act.id):
            raise Refusal(Code.NOT_OUR_ID, id=act.id)
        self.parties[act.id] = Party(act.id, Stage.INVITED, act, parent=act.parent)

    @take.register
    def _(self, act: Answered, at: int) -> None:
        party = self.party(act.id)
        if party.invite.jti != act.jti:
            raise Refusal(Code.INVITE_INVALID)
        if party.stage is not Stage.INVITED:
            raise Refusal(Code.INVITE_USED)
        if at >= party.invite.expires_at:
            raise Refusal(Code.INVITE_EXPIRED)
        told, invite = descriptors.read(act.descriptor)[0], party.invite
        _refuse_other(told.id, invite.id, "id")
        _refuse_other(told.kind, invite.kind, "kind")
        _refuse_other(told.level, invite.level, "level")
        _refuse_other(told.parent, invite.parent, "parent")
        party.descriptor, party.stage = act.descriptor, Stage.PENDING

    @take.register
    def _(self, act: Approved, _at: int) -> None:
        party = self.in_stage(act.id, Stage.PENDING)
        here = descriptors.fingerprint(party.descriptor)
        if descriptors.spelled(act.fingerprint) != descriptors.spelled(here):
            raise Refusal(Code.WRONG_FINGERPRINT, here=here)
        if act.side == COMMITTEE:
            approval = admission.read_approval(act.proof, descriptors.key_of(party.told().root))
            if (approval.id, approval.by, descriptors.spelled(approval.fingerprint)) != (
                act.id,
                act.by,
                descriptors.spelled(here),
            ):
                raise Refusal(Code.BAD_APPROVAL)
        elif act.side != REGISTRAR:
            raise Refusal(Code.BAD_APPROVAL)
        others = {by.strip() for side, by in party.approvals.items() if side != act.side}
        if act.by.strip() in others:
            raise Refusal(Code.SAME_PERSON, who=act.by)
        party.approvals[act.side] = act.by
        if party.approvals.keys() == {REGISTRAR, COMMITTEE}:
            party.stage = Stage.ACTIVE

    # ── what becomes of it ──

    @take.register
    def _(self, act: Rotated, _at: int) -> None:
        party = self.in_stage(act.id, Stage.ACTIVE, Stage.SUSPENDED)
        told, root = descriptors.read(act.descriptor)
        was, was_root = descriptors.read(party.descriptor)
        if root != was_root:
            raise Refusal(Code.ROOT_CHANGED)
        if told.seq <= was.seq:
            raise Refusal(Code.OLDER_DESCRIPTOR, known=was.seq, seq=told.seq)
        _refuse_other(told.id, was.id, "id")
        _refuse_other(told.kind, was.kind, "kind")
        above = act.parent or party.parent
        _refuse_other(told.parent, above, "parent")
        party.descriptor, party.parent = act.descriptor, above

    @take.register
    def _(self, act: Voided, _at: int) -> None:
        party = self.in_stage(act.id, Stage.ACTIVE, Stage.SUSPENDED)
        if act.nbf_tokens < party.nbf_tokens:
            raise Refusal(Code.TOO_OLD_MARK, known=party.nbf_tokens)
        party.nbf_tokens = act.nbf_tokens

    @take.register
    def _(self, act: Suspended, _at: int) -> None:
        self.in_stage(act.id, Stage.ACTIVE).stage = Stage.SUSPENDED

    @take.register
    def _(self, act: Resumed, _at: int) -> None:
        self.in_stage(act.id, Stage.SUSPENDED).stage = Stage.ACTIVE

    @take.register
    def _(self, act: Closed, _at: int) -> None:
        """The successor may be another registrar's: who it is, people of both know."""
        party = self.in_stage(act.id, Stage.ACTIVE, Stage.SUSPENDED)
        if act.successor == act.id or (act.successor and not is_committee(act.successor)):
            raise Refusal(Code.BAD_ID, id=act.successor or act.id)
        party.stage, party.successor = Stage.CLOSED, act.successor

    @take.register
    def _(self, act: Recoded, _at: int) -> None:
        party = self.in_stage(act.id, Stage.ACTIVE, Stage.SUSPENDED)
        if not is_committee(act.current_code):
            raise Refusal(Code.BAD_ID, id=act.current_code[:40])
        party.current_code = act.current_code

    @take.register
    def _(self, act: Joined, _at: int) -> None:
        if not is_committee(owner_of(act.id)) or owner_of(act.id) == act.id:
            raise Refusal(Code.BAD_ID, id=act.id[:80])
        for id in act.members:
            self.in_stage(id, Stage.ACTIVE, Stage.SUSPENDED)
        self.mechanisms[act.id] = JointMembers(id=act.id, name=act.name, members=list(act.members))

    # ── what is signed ──

    def entries(self) -> list[Entry]:
        return [entry for each in self.parties.values() if (entry := each.entry())]

    def texts(self) -> list[str]:
        """Descriptors of everybody in the directory."""
        return [each.descriptor for each in self.parties.values() if each.entry()]


def founded_anew(id: str) -> str:
    """The next id under a used code: `330102` → `330102r2` → `330102r3`."""
    code, _, number = id.partition("r")
    return f"{code}r{int(number or 1) + 1}"


def _refuse_other(told: object, wanted: object, field: str) -> None:
    if told != wanted:
        why = Said(f"{field} 是 {told}，应为 {wanted}", f"its {field} is {told}, and not {wanted}")
        raise Refusal(Code.BAD_DESCRIPTOR, why=why)
