"""What this room holds of a person: nothing that is known to be theirs. A file whose name names somebody may be about
anybody of that name: whoever erases a person is shown where it hangs, and takes it away there.
"""

from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.files import queries
from tenant_service.storage.personal import Held, HeldTable, Tables, Whom
from tenant_service.storage.unit_of_work import Unit


def _named(session: Session, name: str) -> list[str]:
    return sorted({row.subject for row in queries.named_after(session, name)})


TABLES: Tables = (HeldTable("file", say("附件"), named=_named),)


def about(session: Session, whom: Whom) -> list[Held]:
    del session, whom
    return []


def erase(unit: Unit, whom: Whom) -> int:
    del unit, whom
    return 0
