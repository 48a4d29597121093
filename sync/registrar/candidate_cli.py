"""`liandong descriptor`: what a committee or a gateway says of itself, where its root key lies."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sync.registrar.candidate import Particulars

app = typer.Typer(help="自述：用根密钥签名的本方公钥与地址。 What a party says of itself.", no_args_is_help=True)

Told = Annotated[Path, typer.Argument(metavar="PARTICULARS", help="From `liandong tenant particulars`.")]
Root = Annotated[Path, typer.Option(help="The party's root key; made if it is not there. Keep it offline.")]
Text = Annotated[Path, typer.Option("--descriptor", help="The descriptor in force; the next one is written there.")]
Name = Annotated[str | None, typer.Option(help="Full name: 杭州市余杭区政协.")]
Short = Annotated[str | None, typer.Option(help="Name of the place alone, as a tile shows it.")]
Contact = Annotated[str | None, typer.Option(help="Whom people of other committees call.")]
_ROOT, _TEXT = Path("root.jwk"), Path("descriptor.jws")


@app.command()
def answer(
    invite: Annotated[Path, typer.Argument(help="The registrar's invite.")],
    told: Told,
    name: Name = None,
    short_name: Short = None,
    contact: Contact = None,
    root: Root = _ROOT,
    descriptor: Text = _TEXT,
    out: Annotated[Path, typer.Option(help="File for the answer.")] = Path("answer.jws"),
) -> None:
    """Answer an invite: write the first descriptor, and the answer for the registrar. Prints the fingerprint that a
    person here and one at the registrar compare, by telephone or face to face, and the federation's root as the invite
    says it, which they compare as well; it stands in federation-root.jwk, beside the answer.
    """
    from sync.contract.trust import admission, descriptors
    from sync.edge.key_files import key_in, write_public
    from sync.registrar import candidate

    with _refusals():
        asked, of, key = admission.read_invite(_read(invite)), _particulars(told), key_in(root)
        wording = candidate.Wording(name=name, short_name=short_name, contact=contact)
        made = candidate.first(of, asked, wording, key, int(time.time()))
        out.write_text(candidate.answer(of, asked, made, key) + "\n", encoding="utf-8")
        descriptor.write_text(made + "\n", encoding="utf-8")
        write_public(out.with_name("federation-root.jwk"), descriptors.key_of(asked.root))
        print(f"{asked.registrar_name} invites {asked.id}")
        print(f"federation's root 联动的根  {descriptors.thumbprint(asked.root)}")
        _fingerprint(made)


@app.command()
def approve(
    fingerprint: Annotated[str, typer.Argument(help="As somebody at the registrar read it out.")],
    by: Annotated[str, typer.Option("--by", help="Your name.")],
    root: Root = _ROOT,
    descriptor: Text = _TEXT,
    out: Annotated[Path, typer.Option(help="File for the approval.")] = Path("approval.jws"),
) -> None:
    """Sign that the registrar received this very descriptor; the approval is for the registrar."""
    from sync.edge.key_files import kept_key
    from sync.registrar import candidate

    with _refusals():
        made = candidate.approval(_read(descriptor), fingerprint, by, kept_key(root), int(time.time()))
        out.write_text(made + "\n", encoding="utf-8")


@app.command()
def renew(
    told: Told,
    name: Name = None,
    short_name: Short = None,
    contact: Contact = None,
    parent: Annotated[str | None, typer.Option(help="Committee that it stands below from now on.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Kid of a key that somebody else may have.")] = None,
    root: Root = _ROOT,
    descriptor: Text = _TEXT,
) -> None:
    """Write the next descriptor: new keys beside those before them, another address, another name. The registrar takes
    it in with `liandong directory rotate`.
    """
    from sync.edge.key_files import kept_key
    from sync.registrar import candidate

    with _refusals():
        wording = candidate.Wording(name=name, short_name=short_name, contact=contact, parent=parent)
        made = candidate.renewed(
            _particulars(told), _read(descriptor), wording, kept_key(root), int(time.time()), without or ()
        )
        if made is None:
            print("nothing changed, and nothing is to be done")
            return
        descriptor.write_text(made + "\n", encoding="utf-8")
        _fingerprint(made)


@app.command()
def show(descriptor: Annotated[Path, typer.Argument(help="A descriptor.")] = _TEXT) -> None:
    """Print what a descriptor says, and its fingerprint."""
    import msgspec

    from sync.contract.trust import descriptors

    with _refusals():
        text = _read(descriptor)
        told, _ = descriptors.read(text)
        print(msgspec.json.format(msgspec.json.encode(told)).decode())
        _fingerprint(text)


def _fingerprint(text: str) -> None:
    from sync.contract.trust import descriptors

    print(f"fingerprint 指纹  {descriptors.fingerprint(text)}")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


def _particulars(file: Path) -> "Particulars":
    import msgspec

    from sync.registrar.candidate import Particulars

    return msgspec.json.decode(file.read_bytes(), type=Particulars)


@contextmanager
def _refusals() -> Iterator[None]:
    import msgspec

    from sync.contract.errors import Refusal
    from sync.contract.jose import Untrusted
    from sync.edge.key_files import KeyTrouble

    try:
        yield
    except Refusal as refusal:
        raise _stopped(f"{refusal.code}: {refusal.message}") from None
    except (OSError, KeyTrouble, Untrusted, msgspec.DecodeError) as error:
        raise _stopped(error) from None


def _stopped(why: object) -> typer.Exit:
    print(f"liandong descriptor: {why}", file=sys.stderr)
    return typer.Exit(1)
