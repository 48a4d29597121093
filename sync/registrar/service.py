"""What people at a registrar do; each is one act in the ledger, by somebody's name, and in the directory at once."""

import asyncio
import logging
from pathlib import Path

from sync.bus.waiting import happened
from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.levels import Level
from sync.contract.trust import admission, descriptors
from sync.contract.trust.admission import INVITE_LIVES, Invite
from sync.contract.trust.descriptors import Descriptor
from sync.registrar.acts import Answered, Approved, Invited, Rotated
from sync.registrar.office import TROUBLE, Office
from sync.registrar.register import COMMITTEE, REGISTRAR, Party

log = logging.getLogger(__name__)

_LOOKED = 2.0
"""Seconds between two looks whether another registrar's part, the charter or the ledger is new."""


def invite(
    office: Office, id: str, who: str, jti: str, now: int, *, kind: str = "committee", level: Level = Level.COUNTY,
    parent: str | None = None,
) -> str:  # fmt: skip
    """The signed invite, for `id` alone; one that it was given before is void. `jti`: nobody can guess it.

    Raises:
        Refusal: ID_TAKEN, BAD_ID, NOT_OUR_ID.
    """
    act = Invited(id=id, jti=jti, expires_at=now + INVITE_LIVES, kind=kind, level=level, parent=parent)
    office.act(act, who)
    told = Invite(
        jti=jti, id=id, issued_at=now, expires_at=act.expires_at, kind=kind, level=level, parent=parent,
        registrar=descriptors.root_of(office.key()), registrar_name=office.seat().name,
        root=descriptors.root_of(office.root()),
    )  # fmt: skip
    return admission.signed_invite(told, office.key())


def receive(office: Office, answer: str, who: str) -> Party:
    """The candidate's answer is in; two people are to compare the fingerprint of its descriptor.

    Raises:
        Refusal: BAD_DESCRIPTOR, INVITE_INVALID, INVITE_EXPIRED, INVITE_USED.
    """
    told, descriptor = admission.read_answer(answer)
    act = Answered(id=descriptor.id, jti=told.jti, descriptor=told.descriptor)
    return office.act(act, who).party(descriptor.id)


def approve_here(office: Office, id: str, fingerprint: str, who: str) -> Party:
    """Somebody at the registrar compared the fingerprint with what the candidate told, by another way.

    Raises:
        Refusal: WRONG_FINGERPRINT, SAME_PERSON, OUT_OF_TURN.
    """
    return office.act(Approved(id=id, side=REGISTRAR, by=who, fingerprint=fingerprint), who).party(id)


def approve_there(office: Office, approval: str, who: str) -> Party:
    """The signed word of somebody at the candidate's came in.

    Raises:
        Refusal: BAD_APPROVAL, WRONG_FINGERPRINT, SAME_PERSON, OUT_OF_TURN.
    """
    register, _ = office.register()
    id = admission.about(approval)
    root = descriptors.key_of(_told(register.party(id)).root)
    told = admission.read_approval(approval, root)
    act = Approved(id=id, side=COMMITTEE, by=told.by, fingerprint=told.fingerprint, proof=approval)
    return office.act(act, who).party(id)


def rotate(office: Office, descriptor: str, who: str, parent: str | None = None) -> Party:
    """A newer descriptor counts. `parent`: the committee that it stands below from now on.

    Raises:
        Refusal: BAD_DESCRIPTOR, ROOT_CHANGED, OLDER_DESCRIPTOR, OUT_OF_TURN.
    """
    try:
        told, _ = descriptors.read(descriptor)
    except jose.Untrusted as error:
        raise Refusal(Code.BAD_DESCRIPTOR, why=str(error)) from None
    return office.act(Rotated(id=told.id, descriptor=descriptor, parent=parent), who).party(told.id)


def _told(party: Party) -> Descriptor:
    if not party.descriptor:
        raise Refusal(Code.OUT_OF_TURN, now=party.stage)
    return party.told()


async def keep(office: Office, every: float, ended: asyncio.Event) -> None:
    """Signs part and directory anew every `every` seconds, and whenever something new was put into the folder, until
    `ended`. What cannot be signed now is tried again; the directory in force is good for days.
    """
    seen: dict[Path, float] = {}
    due = 0.0
    while True:
        now, files = asyncio.get_running_loop().time(), _put_in(office)
        if now >= due or files != seen:
            try:
                directory = await asyncio.to_thread(office.sign)
                log.info("directory %s is signed", directory.serial)
                due, seen = now + every, files
            except (Refusal, *TROUBLE):
                log.exception("the directory cannot be signed now")
                due = now + min(every, 60.0)
                seen = files
        if await happened(ended, _LOOKED):
            return


def _put_in(office: Office) -> dict[Path, float]:
    """What others put into the folder, and when."""
    files = [office.folder / "charter.jws", office.folder / "ledger.jsonl", *office.folder.glob("parts/*.jws")]
    return {file: file.stat().st_mtime for file in files if file.exists()}
