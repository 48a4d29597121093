"""How a post is described by whoever writes it, and how its row takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.posts import MOST_BOOKS, PostKind, PostOrigin
from tenant_service import wording
from tenant_service.posts.models import PostRow

LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Draft:
    """A post as somebody words it. `books` belong to a book list, which has at least one."""

    kind: PostKind
    title: str
    text: str
    origin: PostOrigin = PostOrigin.OFFICE
    sector: str | None = None
    number: str | None = None
    source: str | None = None
    books: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def describe(row: PostRow, told: Draft) -> None:
    """The row is as `told`.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED.
    """
    row.kind, row.title = told.kind, wording.text("title", told.title, 120)
    row.text = wording.text("text", told.text, LONGEST_TEXT)
    row.origin, row.sector = told.origin, sector_of(told.origin, told.sector)
    row.number, row.source = wording.optional("number", told.number, 60), wording.optional("source", told.source, 120)
    row.books, row.links = _books(told), [_link(each) for each in _few("links", told.links)]


def sector_of(origin: PostOrigin, told: str | None) -> str | None:
    """What people of a sector said names their 界别. Raises: Refusal BAD_VALUE, CLASSIFIED."""
    if origin is PostOrigin.SECTOR:
        return wording.text("sector", told, 60)
    return wording.optional("sector", told, 60)


def _books(told: Draft) -> list[str]:
    books = [wording.text("books", each, 200) for each in _few("books", told.books)]
    if told.kind is PostKind.BOOK_LIST and not books:
        raise Refusal(Code.BAD_VALUE, field="books", why=Said("书单至少列一本书", "a book list has at least one book"))
    return books


def _few(field: str, told: Sequence[str]) -> Sequence[str]:
    if len(told) > MOST_BOOKS:
        raise Refusal(Code.BAD_VALUE, field=field, why=f"≤ {MOST_BOOKS}")
    return told


def _link(told: str) -> str:
    """An address that a reader may follow: nothing but http and https, with a host."""
    address = wording.text("links", told, 500)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or any(each.isspace() for each in address):
        why = Said("链接须以 http:// 或 https:// 开头", "an address begins with http:// or https://")
        raise Refusal(Code.BAD_VALUE, field="links", why=why)
    return address
