"""The site: each visit is answered by a function in the domain's thread, its page drawn outside it."""

import datetime as dt
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import uuid_utils
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.trust.directory import Directory
from sync.edge.address import day_in, number_in
from sync.edge.shell.pages import Frame, Here, Link, Pages
from sync.edge.shell.words import say
from tenant_service.graph import idempotency
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.callers import Callers
from tenant_service.identity.policy import UseCase
from tenant_service.services import Services
from tenant_service.storage.engine import Domain
from tenant_service.storage.unit_of_work import Unit, Units
from tenant_service.web.forms import BESIDE, Form, Wrong, wrong
from tenant_service.web.uploading import form_of, is_multipart, uploaded

T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """A page to be drawn; `panels` of other rooms are drawn in it."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Go:
    """Where the browser goes instead."""

    to: str


@dataclass(frozen=True)
class Visit:
    """One request of one visitor, inside a transaction: reading for a page, writing for an act."""

    site: "Site"
    request: Request
    unit: Unit
    actor: Actor
    csrf: str
    directory: Directory
    form: Form

    @property
    def here(self) -> Here:
        return self.site.pages.here(self.request)

    @property
    def id(self) -> str:
        """The record that the address names."""
        return str(self.request.path_params["id"])

    def asked(self, name: str) -> str:
        return self.request.query_params.get(name, "").strip()

    def day(self, name: str) -> dt.date | None:
        """Raises: Refusal BAD_VALUE."""
        return day_in(self.request.query_params, name)

    def number(self, name: str) -> int | None:
        """Raises: Refusal BAD_CURSOR."""
        return number_in(self.request.query_params, name)

    @property
    def key(self) -> str:
        """Of the form, under which its act is done once; a new one for a form that is drawn."""
        return self.form.get("key") or uuid_utils.uuid7().hex

    def once(self, name: str, told: dict[str, Any], act: Callable[[Unit], T]) -> T:
        """What `act` returns, or returned when the form was sent before: a button pressed twice acts once."""
        return idempotency.once(self.unit, self.actor, name, self.key, told, act)

    def may(self, use: UseCase) -> bool:
        return self.actor.may(use)

    def waits(self, waits: "Waits", use: UseCase) -> "Waits | None":
        """As what it waits for the visitor, who may do this; None: for others."""
        return waits if self.may(use) else None

    def say(self, text: str) -> str:
        return self.site.pages.say(text, self.here.language)

    def beside(self, kind: str, id: str) -> list["Panel"]:
        """What other rooms show on the page of a record of this kind."""
        return [panel for room in self.site.rooms for panel in room.beside(self, kind, id)]

    def named(self, kind: str, id: str) -> Link | None:
        """What its room calls a record, and where it is; without an address where it has no page. None: it is not
        there, or not for the visitor.
        """
        return next((link for room in self.site.rooms if (link := room.named(self, kind, id))), None)

    def called(self, name: str) -> str:
        """What people call a kind of record, or what acts in the audit log begin with."""
        return self.say(self.site.services.called.get(name, name))


@dataclass(frozen=True)
class Panel:
    """A part of a page that belongs to another room; its template finds its values as `it`."""

    template: str
    it: Any


class Waits(StrEnum):
    """As what something waits for the visitor: 待办, 待审 or 逾期."""

    TO_DO = "TO_DO"
    TO_REVIEW = "TO_REVIEW"
    LATE = "LATE"


@dataclass(frozen=True)
class Todo:
    """How many of what, and the list of exactly these. `waits`: as what they wait for the visitor; None: others have
    them in hand, and the visitor may want to know.
    """

    label: str
    count: int
    href: str
    waits: Waits | None = None


def _no_routes(_site: "Site") -> list[BaseRoute]:
    return []


def _no_todos(_visit: Visit) -> list[Todo]:
    return []


def _no_starts(_visit: Visit) -> list[Link]:
    return []


def _no_panels(_visit: Visit) -> list[Panel]:
    return []


def _no_inbox(_visit: Visit) -> int | None:
    return None


def _no_advice(_visit: Visit) -> dict[Code, Link]:
    return {}


def _nothing_beside(_visit: Visit, _kind: str, _id: str) -> list[Panel]:
    return []


def _unnamed(_visit: Visit, _kind: str, _id: str) -> Link | None:
    return None


@dataclass(frozen=True)
class RoomPages:
    """What a room hangs into the site.

    Attributes:
        todos: Counts for the home page.
        panels: Parts of the home page.
        starts: What the visitor may begin here, for the home page.
        beside: Parts of the page of another room's record, by its kind and id.
        named: What a record of this room is called and where it is shown, by its kind and id, if the visitor is shown
            it; without an address where it has no page.
        beside_fields: Code of a refusal that names no field → fields that it is about; the first that a form has.
        advice: Code of a refusal → where the visitor does what is to be done instead.
        inbox: Where what the visitor should know lies, for the frame of every page.
        unread: How much of it was not opened yet; None: the visitor has no inbox.
        inside: Links for people of the committee alone, behind those of everybody.
        at_work: Links for those of them who are shown internal work, behind the others.
        for_bodies: Links for people of bodies (contacts, coordinators), who are shown none of the others.
    """

    routes: Callable[["Site"], Sequence[BaseRoute]] = _no_routes
    templates: Path | None = None
    links: tuple[Link, ...] = ()
    todos: Callable[[Visit], list[Todo]] = _no_todos
    panels: Callable[[Visit], list[Panel]] = _no_panels
    starts: Callable[[Visit], list[Link]] = _no_starts
    beside: Callable[[Visit, str, str], list[Panel]] = _nothing_beside
    named: Callable[[Visit, str, str], Link | None] = _unnamed
    beside_fields: Mapping[Code, tuple[str, ...]] = field(default_factory=dict)
    advice: Callable[[Visit], Mapping[Code, Link]] = _no_advice
    inbox: Link | None = None
    unread: Callable[[Visit], int | None] = _no_inbox
    inside: tuple[Link, ...] = ()
    at_work: tuple[Link, ...] = ()
    for_bodies: tuple[Link, ...] = ()

    def shown_to(self, actor: Actor) -> tuple[Link, ...]:
        """Links in the frame of this visitor's pages."""
        if actor.is_inside:
            return (*self.links, *self.inside, *(self.at_work if actor.sees_work else ()))
        return self.for_bodies if actor.is_home else self.links


Showing = Callable[[Visit], View | Go | Response]
Acting = Callable[[Visit], "Go | View"]
"""A view is shown once, as the answer to the form: what it has stands at no address."""
Readying = Callable[[Actor, Form], Awaitable[Form]]
Again = Callable[[Visit], View]


@dataclass(frozen=True)
class Site:
    """What every page of this committee stands on.

    Attributes:
        cookie: Name of the session cookie.
    """

    committee: str
    pages: Pages
    domain: Domain
    units: Units
    callers: Callers
    cookie: str
    rooms: tuple[RoomPages, ...]
    services: Services

    def shows(self, show: Showing) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that answers GET: `show` reads, and says what page there is."""

        async def answer(request: Request) -> Response:
            return await self.answered(request, Form(), show)

        return answer

    def acts(
        self, act: Acting, again: Again | None = None, ready: Readying | None = None, *, uploads: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that answers POST: `act` writes, and says where to go then. `ready` does before what would hold
        the domain's thread, such as hashing a password, for whoever may; `act` is given the form that it returns.

        What it refuses is shown on the form that `again` draws, beside its field; nothing has changed then. `again`
        finds what was written in `visit.form`. With `uploads` the form may bring files, of who has signed in.
        """

        async def answer(request: Request) -> Response:
            form = Form()
            try:
                form = await self._uploaded(request) if uploads else await form_of(request)
                if ready is not None:
                    actor, _ = await self.domain.run(self._visitor, request)
                    form = await ready(actor, form)
                done = await self.domain.run(self._act, request, form, act)
                if isinstance(done, Go):
                    return RedirectResponse(done.to, 303)
                return await self.answered(request, form, lambda _visit: done)
            except Refusal as refusal:
                if again is None or refusal.code is Code.NOT_SIGNED_IN:
                    return await self._refused(request, refusal)
                return await self.answered(request, form, again, refusal)

        return answer

    def today(self) -> Any:
        """The day it is in Asia/Shanghai."""
        return day_of(self.units.clock())

    async def _uploaded(self, request: Request) -> Form:
        """A form with files is large: nobody's is read. Raises: Refusal NOT_SIGNED_IN, and as `form_of`."""
        actor, _ = await self.domain.run(self._visitor, request)
        if not actor.iss:
            raise Refusal(Code.NOT_SIGNED_IN)
        return await uploaded(request) if is_multipart(request) else await form_of(request)

    # ── in the domain's thread ──

    def _act(self, request: Request, form: Form, act: Acting) -> Go | View:
        actor, csrf = self._visitor(request)
        if not actor.iss:
            raise Refusal(Code.NOT_SIGNED_IN)
        if not secrets.compare_digest(form.get("csrf").encode(), csrf.encode()):
            raise Refusal(Code.BAD_REQUEST)
        with self.units.write() as unit:
            return act(Visit(self, request, unit, actor, csrf, self.callers.directory(), form))

    def _seen(
        self,
        request: Request,
        form: Form,
        show: Showing,
        tried: Refusal | None,
        *,
        raises: bool = False,
        writes: bool = False,
    ) -> tuple[View | Go | Response, Frame]:
        actor, csrf = self._visitor(request)
        directory = self.callers.directory()
        with self.units.write() if writes else self.units.read() as unit:
            visit = Visit(self, request, unit, actor, csrf, directory, form)
            # The frame reads as well, and comes last: a page that notes that somebody looks shows that entry, too.
            if actor.must_change:  # a first password opens nothing but the page that changes it
                return Go("/password"), self._advised(visit, self._frame(visit), tried)
            try:
                shown = show(visit)
            except Refusal as refusal:
                if raises:
                    raise
                refused = View("refused.html", {"refusal": refusal}, refusal.status)
                return refused, self._advised(visit, self._frame(visit), refusal)
            return shown, self._advised(visit, self._frame(visit), tried)

    def _advised(self, visit: Visit, frame: Frame, refusal: Refusal | None) -> Frame:
        """The frame with the way to what is to be done instead, where a room knows one."""
        if refusal is None:
            return frame
        ways = (way for room in self.rooms if (way := room.advice(visit).get(refusal.code)))
        return replace(frame, advice=next(ways, None))

    def _visitor(self, request: Request) -> tuple[Actor, str]:
        found = self.callers.signed_in(request.cookies.get(self.cookie))
        return (found.actor, found.session.csrf) if found else (nobody(self.committee), "")

    # ── outside it ──

    def _beside_fields(self, code: Code) -> tuple[str, ...]:
        of_rooms = (name for room in self.rooms for name in room.beside_fields.get(code, ()))
        return (*BESIDE.get(code, ()), *of_rooms)

    def _frame(self, visit: Visit) -> Frame:
        actor, listed = visit.actor, visit.directory.entries.get(self.committee)
        links = [link for room in self.rooms for link in room.shown_to(actor)]
        inboxes = [(room.inbox, number) for room in self.rooms if (number := room.unread(visit)) is not None]
        inbox, unread = inboxes[0] if inboxes else (None, 0)
        return Frame(
            listed.name if listed else self.committee, (Link("/", say("首页")), *links), actor.name, visit.csrf,
            "/sign-in", version=version("liandong"), own_account="/password", inbox=inbox, unread=unread,
        )  # fmt: skip

    async def answered(
        self, request: Request, form: Form, show: Showing, refusal: Refusal | None = None, *, raises: bool = False,
        writes: bool = False,
    ) -> Response:  # fmt: skip
        """The page that `show` says, in one transaction, with the refusal of what was tried before.

        Raises:
            Refusal: what `show` refuses, with `raises`, and then nothing is left of it; else that is the page.
        """
        seen, frame = await self.domain.run(
            partial(self._seen, request, form, show, refusal, raises=raises, writes=writes)
        )
        if isinstance(seen, Go):
            return RedirectResponse(seen.to, 303)
        if isinstance(seen, Response):
            return seen
        if "refusal" in seen.values:
            return self._no(request, seen.values["refusal"], frame)
        language = self.pages.here(request).language
        told = Wrong()
        if refusal:
            told = wrong(refusal, seen.values.get("fields", ()), language, self._beside_fields(refusal.code))
        status = refusal.status if refusal else seen.status
        return self.pages.show(request, seen.template, frame, status=status, wrong=told, **seen.values)

    def _no(self, request: Request, refusal: Refusal, frame: Frame) -> Response:
        """Why not, as a page; who is nobody yet may sign in and comes back here."""
        if refusal.code is Code.QR_INVALID and request.method == "GET":
            return self.pages.show(request, "lost.html", frame, status=refusal.status, desk=self.services.desk)
        if refusal.code is not Code.NOT_SIGNED_IN:
            return self.pages.refuse(request, refusal, frame)
        back = request.url.path if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?{urlencode({'next': back})}", 303)

    async def _refused(self, request: Request, refusal: Refusal) -> Response:
        def refuse(_visit: Visit) -> View:
            raise refusal

        return await self.answered(request, Form(), refuse)
