"""Pages of the files: handing one out, and the part of any record's page that lists them, attaches and takes away."""

from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import kind_of
from tenant_service.files import queries, rules, service
from tenant_service.files.models import FileRow
from tenant_service.files.uploads import FIELD, looked_at
from tenant_service.web.site import Go, Panel, RoomPages, Site, View, Visit

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever somebody uploaded, a browser runs nothing of it, in no page."""


def routes(site: Site) -> list[Route]:
    return [
        Route("/files/of/{id}", site.shows(listed), methods=["GET"]),
        Route("/files/of/{id}", site.acts(attach, listed, looked_at, uploads=True), methods=["POST"]),
        Route("/files/{id}", site.shows(handed_out), methods=["GET"]),
        Route("/files/{id}/picture", site.shows(picture), methods=["GET"]),
        Route("/files/{id}/detach", site.acts(detach), methods=["POST"]),
    ]


# ── reading ──


def handed_out(visit: Visit) -> Response:
    """The file, to be kept by whoever asked."""
    row = queries.opened(visit.unit.session, visit.actor, visit.id, visit.site.services.opens)
    return _answer(visit, row, f"attachment; filename*=UTF-8''{quote(row.name)}", row.kind.media_type)


def picture(visit: Visit) -> Response:
    """A picture, to be shown in a page. Raises: Refusal NOT_FOUND, also for what is no picture."""
    row = queries.opened(visit.unit.session, visit.actor, visit.id, visit.site.services.opens)
    if not row.kind.is_picture:
        raise Refusal(Code.NOT_FOUND)
    return _answer(visit, row, "inline", row.kind.media_type)


def listed(visit: Visit) -> View:
    """The files of one record, as a page of their own: where a form comes back to that was refused."""
    if not queries.may_open(visit.unit.session, visit.actor, visit.id, visit.site.services.opens):
        raise Refusal(Code.NOT_FOUND)
    return View("files.html", {"it": shown(visit, visit.id), "fields": (FIELD,), "back": _back(visit, visit.id)})


def shown(visit: Visit, subject: str) -> dict[str, object]:
    """What the macros of `files_panel.html` draw: the files of a record that the visitor may open."""
    session, rooms = visit.unit.session, visit.site.services.opens
    return {
        "subject": subject, "files": queries.of(session, subject), "accepted": rules.ACCEPTED,
        "may_attach": queries.may_attach(session, visit.actor, subject, rooms),
        "most": rules.MOST_OF_A_RECORD, "most_mb": rules.MOST_BYTES // rules.MB,
    }  # fmt: skip


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """On the page of a record whose room says who may open its files."""
    if kind not in visit.site.services.opens:
        return []
    if not queries.may_open(visit.unit.session, visit.actor, id, visit.site.services.opens):
        return []
    it = shown(visit, id)
    return [Panel("files_panel.html", it)] if it["files"] or it["may_attach"] else []


# ── acting ──


def attach(visit: Visit) -> Go:
    told = list(visit.form.files.get(FIELD, ()))
    if not told:
        raise Refusal(Code.BAD_VALUE, field=FIELD, why=Said("请选择文件", "choose a file"))
    service.attach_here(visit.unit, visit.actor, visit.site.services.opens, visit.id, told)
    return Go(_back(visit, visit.id))


def detach(visit: Visit) -> Go:
    subject = service.detach_here(visit.unit, visit.actor, visit.site.services.opens, visit.id)
    return Go(_back(visit, subject))


# ── parts ──


def _answer(visit: Visit, row: FileRow, disposition: str, media_type: str) -> Response:
    return Response(
        queries.data(visit.unit.session, row), media_type=media_type,
        headers={
            "Content-Disposition": disposition, "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )  # fmt: skip


def _back(visit: Visit, subject: str) -> str:
    """The page of the record, as its room says."""
    links = (room.named(visit, kind_of(subject), subject) for room in visit.site.rooms)
    return next((link.href for link in links if link and link.href), f"/files/of/{subject}")


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", beside=beside,
    beside_fields=dict.fromkeys(
        (Code.FILE_TOO_LARGE, Code.FILE_KIND, Code.FILE_DAMAGED, Code.FILE_UNSAFE, Code.FILES_OF_RECORD,
         Code.FILES_OF_THE_DAY), (FIELD,),
    ),
)  # fmt: skip
