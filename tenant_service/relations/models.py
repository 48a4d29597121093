"""The table of links; private to this package."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.relations.kinds import Relation
from tenant_service.storage.columns import Ascii, Row


class RelationRow(Row):
    """One link: `source` is `kind` of `target`. Either may belong to another committee."""

    __tablename__ = "relation"
    source: Mapped[str] = mapped_column(Ascii, primary_key=True)
    kind: Mapped[Relation] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(Ascii, primary_key=True, index=True)
    since: Mapped[dt.datetime]
    sub: Mapped[str] = mapped_column(Ascii)
