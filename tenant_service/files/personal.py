"""What this room holds of a person: names of files in which somebody is named. What the files say nobody can look
through; whoever erases a person is shown where they hang.
"""

from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.files import queries
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (HeldTable("file", say("附件")),)


def about(session: Session, whom: Whom) -> list[Held]:
    if whom.others:
        return []
    return [
        Held("file", row.id, {"id": row.id, "name": row.name, "subject": row.subject})
        for row in queries.named_after(session, whom.name)
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """The names are gone; the files stay with their records."""
    rows = [] if whom.others else queries.named_after(unit.session, whom.name)
    for row in rows:
        row.name = f"{ERASED}.{row.kind.ending}"
    return len(rows)
