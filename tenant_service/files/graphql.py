"""Files in GraphQL: what is attached to a record. They come and go by forms, and are handed out by their address."""

import datetime as dt

import strawberry

from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.files import queries, service
from tenant_service.files.models import FileRow
from tenant_service.files.rules import FileKind
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown

TENANT = Visible.TENANT
contract_enum(FileKind)


@strawberry.type(description="附件: one file of a record. It never leaves this committee.")
class File:
    id: Id = visible(TENANT, "Id.")
    subject_id: Id = visible(TENANT, "Record that it is attached to.")
    name: str = visible(TENANT, "Name under which it is handed out.")
    kind: FileKind = visible(TENANT, "What it is, by its first bytes.")
    size: int = visible(TENANT, "Bytes.")
    width: int | None = visible(TENANT, "Of a picture.")
    height: int | None = visible(TENANT, "Of a picture.")
    by_reporter: bool = visible(TENANT, "Sent by a reporter, and not attached by somebody of the committee.")
    added_at: dt.datetime = visible(TENANT, "When it was attached.")
    path: str = visible(TENANT, "Where it is handed out on the committee's site.")


@strawberry.type(description="附件已移除: what a file was attached to that is there no longer.")
class Detached:
    subject_id: Id = visible(TENANT, "Record that it was attached to.")


def _file(row: FileRow) -> File:
    return File(
        id=Id(row.id), subject_id=Id(row.subject), name=row.name, kind=row.kind, size=row.size, width=row.width,
        height=row.height, by_reporter=row.by_reporter, added_at=row.added_at, path=f"/files/{row.id}",
    )  # fmt: skip


@strawberry.type
class FileQuery:
    @shown(TENANT, "附件: what is attached to a record of ours, the oldest first.", directives=[Home()])
    def files(self, info: Info, of: Id) -> list[File]:
        session, actor = info.context.unit.session, info.context.actor
        if not actor.is_home or not queries.may_open(session, actor, of, info.context.services.opens):
            return []
        return [_file(row) for row in queries.of(session, of)]


@strawberry.type
class FileMutation:
    @shown(TENANT, "Take a file away from its record.")
    def detach_file(self, info: Info, key: Id, id: Id) -> Detached:
        context = info.context
        service.at_home(context.actor)
        return context.perform(
            "detachFile", key, plain(id=id),
            lambda unit: Detached(
                subject_id=Id(service.detach_here(unit, context.actor, context.services.opens, id))
            ),
            kept_as=Detached,
        )  # fmt: skip
