"""What this room holds of a person: what a member wrote, said to others' posts, and read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.posts.models import PostCommentRow, PostReadingRow, PostRow
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, held
from tenant_service.storage.unit_of_work import Unit

TABLES: Tables = (
    HeldTable("post", say("本人的发布")),
    HeldTable("post_comment", say("本人的留言")),
    HeldTable("post_reading", say("本人已读")),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, PostRow, PostRow.author_id == whom.id, only=("id", "title", "author", "published_on")),
        *held(session, PostCommentRow, PostCommentRow.person_id == whom.id, hidden=("sub",)),
        *held(session, PostReadingRow, PostReadingRow.person_id == whom.id, hidden=("sub",)),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """Who it was is gone; what was published stands without the name, and what was said to others' posts is gone with
    its words. That somebody read a post stays, for the count.
    """
    written = unit.session.scalars(select(PostRow).where(PostRow.author_id == whom.id)).all()
    for row in written:
        row.author = ERASED
        told = row.may_be_told()
        way_out.revised(unit, row, choices.channels(row.shares) if told else set())
    said = unit.session.scalars(select(PostCommentRow).where(PostCommentRow.person_id == whom.id)).all()
    for each in said:
        each.author = each.text = ERASED
        each.hidden_because = ERASED if each.hidden_because else None
        taken.forget_reasons(unit, each.id)
    read = unit.session.scalars(select(PostReadingRow).where(PostReadingRow.person_id == whom.id)).all()
    for reading in read:
        reading.name = ERASED
    return len(written) + len(said) + len(read)
