"""Pages: templates filled in the reader's language, inside one frame."""

import datetime as dt
import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import InternationalizationExtension
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sync.contract.errors import Refusal
from sync.contract.instants import SHANGHAI
from sync.edge.shell import formats, words
from sync.edge.shell.static import StaticFiles
from sync.edge.shell.words import Language

HERE = Path(__file__).parent
_YEAR = 31_536_000  # seconds
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Link:
    """A link in the navigation; the text is Chinese and said in the reader's language."""

    href: str
    text: str


@dataclass(frozen=True)
class Frame:
    """What stands around a page.

    Attributes:
        owner: Whose pages these are: a committee's name, or the gateway's.
        who: Name of who has signed in; empty: nobody.
        csrf: Goes with every form of the page; empty where nobody has signed in.
        sign_in: Where to sign in; None: there is no signing in from here.
        sign_out: Where the form goes that ends the session.
        own_account: Where who has signed in changes the password; None: it is not changed here.
        freshness: How fresh the page is, in one line; the footer repeats it.
        advice: Where the visitor does what is to be done in the place of what was just refused.
        inbox: Where what one should know lies; None: there is none for the visitor.
        unread: How much of it was not opened yet.
        notice: What everybody must know now, in Chinese, above every page; empty: nothing.
    """

    owner: str
    links: tuple[Link, ...] = ()
    who: str = ""
    csrf: str = ""
    sign_in: str | None = None
    sign_out: str = "/sign-out"
    own_account: str | None = None
    version: str = ""
    freshness: str = ""
    notice: str = ""
    advice: Link | None = None
    inbox: Link | None = None
    unread: int = 0


@dataclass(frozen=True)
class Here:
    """The reader's side of one request: which address, language and theme."""

    url: URL
    language: Language
    theme: str
    kept: Mapping[str, str] = field(default_factory=dict)

    def with_(self, **changes: Any) -> str:
        """This address with some of its query changed; None takes a part out."""
        query = {name: value for name, value in self.kept.items() if name not in changes}
        query |= {name: str(value) for name, value in changes.items() if value is not None}
        return self.url.path + (f"?{urlencode(query)}" if query else "")


class Pages:
    """Fills templates from `folders` (earlier ones first) and then from the shell's own.

    A folder's `en.po` has its English. `clock` says what "now" is on the pages.
    """

    def __init__(self, folders: Iterable[Path] = (), *, statics: Iterable[Path] = (),
                 clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:  # fmt: skip
        found = [*folders, HERE / "templates"]
        self.clock = clock
        self.static = StaticFiles([*statics, HERE / "static"])
        self._said = words.translations(found)
        self._environments = {language: self._environment(language, found) for language in self._said}

    def routes(self) -> list[Route]:
        return [self.static.route()]

    def here(self, request: Request) -> Here:
        asked, cookies = dict(request.query_params), request.cookies
        language = words.known(asked.get("lang")) or words.known(cookies.get("lang")) or words.DEFAULT
        theme = next((each for each in (asked.get("theme"), cookies.get("theme")) if each in THEMES), THEMES[0])
        kept = {name: value for name, value in asked.items() if name not in {"lang", "theme"}}
        return Here(request.url, language, theme, kept)

    def text(self, template: str, language: Language = words.DEFAULT, **values: Any) -> str:
        """The template filled, without a request: fragments, mails, tests."""
        return self._environments[language].get_template(template).render(**values)

    def say(self, text: str, language: Language) -> str:
        """A text in the reader's language, where it is needed outside a template."""
        return self._said[language].gettext(text)

    def show(self, request: Request, template: str, frame: Frame, *, status: int = 200, packed: bool = False,
             **values: Any) -> Response:  # fmt: skip
        """The page as an answer; a language or theme that the address names is kept in a cookie.

        `packed` sends it compressed. Only for pages without anything secret: the length of a compressed page tells
        about what is in it.
        """
        here = self.here(request)
        body = self.text(template, here.language, here=here, frame=frame, **values).encode()
        headers = {"Content-Language": here.language, "Vary": "Cookie, Accept-Encoding"}
        if packed and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
        answer = HTMLResponse(body, status, headers)
        for name, value in (("lang", here.language), ("theme", here.theme)):
            if name in request.query_params:
                answer.set_cookie(name, value, max_age=_YEAR, samesite="lax", httponly=True)
        return answer

    def refuse(self, request: Request, refusal: Refusal, frame: Frame) -> Response:
        """A page that says why not, in the reader's language, with the refusal's status."""
        said = refusal.en if self.here(request).language == "en" else refusal.zh
        answer = self.show(request, "refused.html", frame, status=refusal.status, code=refusal.code.value, said=said)
        answer.headers.update(refusal.headers)
        return answer

    def _environment(self, language: Language, folders: list[Path]) -> Environment:
        made = Environment(
            loader=FileSystemLoader([str(each) for each in folders]), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True, extensions=[InternationalizationExtension],
        )  # fmt: skip
        made.install_gettext_translations(self._said[language], newstyle=True)  # type: ignore[attr-defined]

        def told(write: Callable[..., str]) -> Callable[..., str]:
            return lambda *values: write(*values, self.clock(), language)

        made.filters |= {
            "number": formats.number, "share": formats.share, "ago": told(formats.ago),
            "roughly": lambda value: formats.roughly(value, language),
            "moment": told(formats.moment), "span": told(formats.span),
            "day": lambda value: formats.day(value, self.clock().astimezone(SHANGHAI).date(), language),
            "clock": lambda value: f"{value.astimezone(SHANGHAI):%H:%M}",
            "stamp": lambda value: value.astimezone(SHANGHAI).isoformat(timespec="minutes"),
            "options": lambda kinds: [(each.value, self.say(each.label, language)) for each in kinds],
            "refused": lambda refusal: refusal.en if language == "en" else refusal.zh,
        }  # fmt: skip
        made.globals |= {"static": self.static.path, "language": language}
        return made
