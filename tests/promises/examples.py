"""Examples of docs/federation.md: what the committees of the scene really said, byte by byte."""

import subprocess
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from sync.bus import receipts, wire
from sync.contract import jose
from sync.contract.channels import log_of
from sync.contract.trust import descriptors, proofs, signed_directory
from sync.contract.trust.descriptors import Descriptor
from sync.contract.trust.directory import Directory
from sync.contract.trust.directory_parts import PART, Charter, Part, read_charter, read_part, taken_apart
from sync.contract.trust.tokens import Claims
from sync.log import Event, Head, genesis, statement
from tests.directories import signed
from tests.promises.blocks import Maker, fenced, inside
from tests.promises.scene import (
    BEGAN,
    CITY,
    COUNTY,
    GATEWAY,
    HOST,
    MECHANISM,
    PARTNER,
    TAG,
    answer,
    contents,
    key,
    participation,
    request,
    told,
)

LOG, EPOCH = log_of(HOST, "c"), f"000001-{TAG}"
SEALED = f"x_{PARTNER}"


def makers() -> dict[str, Maker]:
    """Name of a block → how it is made, over databases that are gone again."""
    with tempfile.TemporaryDirectory() as folder, told(Path(folder)) as authors:
        logs = {(id, channel): author.log(channel) for id, author in authors.items() for channel in author.own.heads()}
        once = authors[HOST].once
    c = [*once["c"], logs[HOST, "c"][-1]]
    heads = {each.seq: each.head() for each in c}
    return {
        "complete": _exact(c[0]),
        "put-parent": _shown(c[1]),
        "put-open": _shown(once["o"][1]),
        "retract": _shown(once[f"m_{MECHANISM}"][2]),
        "delete": partial(_proven, c[3], heads),
        "hole": partial(_proven, logs[HOST, "c"][1], heads),
        "receipt": partial(_receipt, c),
        "sealed": partial(_sealed, logs[HOST, SEALED][1]),
        "sealed-plain": _json(participation()),
        "request": _json(request()),
        "answer": _json(answer()),
        "log-bytes": partial(_worked, c),
        "head": partial(_head, c),
        "rows-ask": partial(_ask, c),
        "charter": lambda _: fenced("json", pretty(signed_parts()[0])),
        "directory": lambda _: fenced("json", pretty(_some_entries())),
        "directory-header": lambda _: fenced("json", pretty(_header())),
        "descriptor": lambda _: fenced("json", pretty(signed_parts()[2])),
        "token": lambda _: fenced("json", pretty(msgspec.to_builtins(claims()))),
        "proof": lambda _: fenced("json", pretty(_proof())),
    }  # fmt: skip


def pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _exact(event: Event) -> Maker:
    return lambda _: fenced("", event.body.decode())


def _shown(event: Event) -> Maker:
    return lambda _: fenced("json", msgspec.json.format(event.body, indent=2).decode())


def _json(record: Any) -> Maker:
    return lambda _: fenced("json", pretty(record))


# ── what is drawn anew at every writing ──


def _sealed(event: Event, was: str) -> str:
    """The stored envelope, as long as it says what the outbox says and its body opens to the same record."""
    fresh = msgspec.json.decode(event.body)
    try:
        stored = msgspec.json.decode(inside(was))
        same = {**stored, "data": ""} == {**fresh, "data": ""}
        if same and unsealed(stored["data"]) == unsealed(fresh["data"]):
            return was
    except (msgspec.DecodeError, jose.Untrusted):
        pass
    return fenced("json", pretty(fresh))


def unsealed(token: str) -> Any:
    return msgspec.json.decode(jose.unsealed(token, key(f"enc {PARTNER}")))


def _head(events: list[Event], was: str) -> str:
    """The statement and its stored signature, as long as that is one."""
    head = events[1].head()
    proof = inside(was).rpartition("\n")[2]
    if not is_signed(head, proof):
        proof = wire.signer(key(f"event {HOST}"))(LOG, head)
    return fenced("", f"{statement(LOG, head).decode()}\n{proof}")


def is_signed(head: Head, proof: str) -> bool:
    return wire.verifier(lambda: Directory(contents()))(LOG, head._replace(proof=proof)) is True


def _proven(event: Event, heads: Mapping[int, Head], was: str) -> str:
    """The stored event, as long as it says what the outbox says, and its owner's word for what is erased holds."""
    fresh = msgspec.json.decode(event.body)
    try:
        stored = msgspec.json.decode(inside(was))
        is_same = _signatures(stored)[0] == _signatures(fresh)[0]
        if is_same and all(_is_erased(heads[seq], proof) for seq, proof in _signatures(stored)[1]):
            return was
    except (msgspec.DecodeError, KeyError, TypeError):
        pass
    return fenced("json", pretty(fresh))


def _signatures(told: Any) -> tuple[Any, list[tuple[int, str]]]:
    """A hole or a delete without its signatures, and those: place and proof."""
    if told["op"] == "erased":
        return {**told, "erased": ""}, [(told["seq"], told["erased"])]
    places = [(each["seq"], each["proof"]) for each in told["data"]]
    return {**told, "data": [{**each, "proof": ""} for each in told["data"]]}, places


def _is_erased(head: Head, proof: str) -> bool:
    said = wire.verifier(lambda: Directory(contents()), wire.ERASED)
    return said(LOG, head._replace(proof=proof)) is True


def _receipt(events: list[Event], _was: str) -> str:
    """What the city signs when it has applied two events."""
    heads = {LOG: events[1].head()._replace(proof="<proof>")}
    made = receipts.signed(CITY, HOST, heads, int(BEGAN.timestamp()), key(f"event {CITY}"))
    return fenced("json", pretty(msgspec.json.decode(jose.payload_of(made))))


# ── bytes ──


def _worked(events: list[Event], _was: str) -> str:
    """A shell script and what it prints, which is what the log says."""
    script = _SCRIPT.format(log=LOG, epoch=EPOCH, body=events[0].body.decode())
    printed = ran(script)
    expected = [genesis(LOG, EPOCH).hex(), events[0].head().chain.hex()]
    assert printed.split() == expected, "the shell does not find what sync.log says"
    assert events[1].prev.hex() == expected[1]
    return f"{fenced('sh', script)}\n\nIt prints\n\n{fenced('', printed.strip())}"


_SCRIPT = """\
bytes() {{ tr a-f A-F | basenc --base16 -d; }}
sum() {{ sha256sum | cut -c1-64; }}
genesis=$(printf 'liandong-log/1\\n%s\\n%s\\n' {log} {epoch} | sum)
body='{body}'
chain=$(printf %s%s $genesis $(printf %s "$body" | sum) | bytes | sum)
echo $genesis
echo $chain"""


def ran(script: str) -> str:
    """What a POSIX shell prints."""
    told = subprocess.run(["/bin/sh", "-eu", "-c", script], capture_output=True, text=True, check=True)
    return told.stdout


def _ask(events: list[Event], _was: str) -> str:
    """A reader that stands at the second event asks for more; its bytes, and the same as JSON would have it."""
    head = events[1].head()
    shown = [LOG, [head.epoch, head.seq, f"<32 bytes: {head.chain.hex()}>", "<proof>"], None, wire.Ask(LOG).room]
    ask = wire.Ask(LOG, head._replace(proof="<proof>"))
    hexed = wire.pack(ask).hex(" ")
    lines = [hexed[at : at + 96].strip() for at in range(0, len(hexed), 96)]
    return fenced("", "\n".join([msgspec.json.encode(shown).decode(), "", *lines]))


# ── who speaks ──


def signed_parts() -> tuple[Charter, Part, Descriptor]:
    """The scene's directory, taken apart: charter, part, and the county's descriptor."""
    text = signed(contents(), key("root"), key)
    charter_text, (part_text,), texts = taken_apart(text)
    assert signed_directory.read(text, key("root")).entries.keys() == {each.id for each in contents().entries}
    told = (descriptors.read(each)[0] for each in texts.values())
    county = next(each for each in told if each.id == COUNTY)
    return read_charter(charter_text, key("root")), read_part(part_text, key("registrar")), county


def _some_entries() -> Any:
    """The part with one committee and the gateway; digests of what is signed anew at every writing are left out."""
    told = msgspec.to_builtins(signed_parts()[1])
    kept = [each | {"descriptor": "<digest>"} for each in told["entries"] if each["id"] in (COUNTY, GATEWAY)]
    return {**told, "entries": kept}


def _header() -> Any:
    """The only thing of a signed part that is not drawn anew."""
    return jose.header_of(jose.sign(PART, b"", key("registrar")))


def claims() -> Claims:
    now = int(BEGAN.timestamp())
    return Claims(
        iss=COUNTY, sub="clerk-1", roles=["clerk"], aud=["liandong"], iat=now, exp=now + 300,
        jti="6d7c2f0a", name="陈", cnf=jose.thumbprint(key(f"request {GATEWAY}")),
    )  # fmt: skip


def _proof() -> Any:
    body, token = b'{"query":"{committee{id}}"}', "<token>"
    made = proofs.proof(
        GATEWAY, [COUNTY, PARTNER], body, token, "2f6b1d", int(BEGAN.timestamp()), key(f"request {GATEWAY}")
    )
    return msgspec.json.decode(jose.payload_of(made))
