"""Yuhang's way at Jiashan's office: members write threads and lectures, the office notices, rules and book lists."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sync.contract.channels import Scope, Share
from sync.contract.shapes.posts import PostKind, PostOrigin, PostRecord
from sync.contract.trust.directory import Directory
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.members import service as members
from tenant_service.members.service import PersonDraft
from tenant_service.posts import comment_service, queries, service
from tenant_service.posts.models import PostCommentRow, PostRow
from tenant_service.posts.service import Draft
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places

T = TypeVar("T")
OPEN, PARENT = Share(Scope.OPEN), Share(Scope.PARENT)
THREAD = Draft(
    PostKind.THREAD, "老旧小区加装充电桩怎么提", "拟就老旧小区充电桩建设提一件提案，请大家出主意。", PostOrigin.MEMBER
)
LECTURE = Draft(PostKind.LECTURE, "委员讲堂：新材料", "第三讲。", PostOrigin.MEMBER)
NOTICE = Draft(PostKind.NOTICE, "征集2027年协商议题", "请于12月20日前报送。")
LIBRARY = Draft(
    PostKind.READING, "两会报告及解读", "报告全文、媒体解读与部门材料。", source="市政协办公室",
    links=("https://example.org/report", "http://example.org/media"),
)  # fmt: skip
BOOKS = Draft(
    PostKind.BOOK_LIST,
    "书香政协2026年荐读书单",
    "读后可在书单下留言。",
    books=("《乡土中国》", "《中国通史》", "《诗经》"),
)


@dataclass
class Office:
    """Who acts, and where."""

    units: Units
    directory: Directory
    clerk: Actor
    secretary: Actor

    @classmethod
    def at(cls, units: Units) -> "Office":
        clerk, secretary = places.staff(places.JIASHAN, Role.CLERK), places.staff(places.JIASHAN, Role.SECRETARY)
        return cls(units, places.directory(), clerk, secretary)

    def do(self, act: Callable[[Unit], T]) -> T:
        with self.units.write() as unit:
            return act(unit)

    def member(self, name: str) -> Actor:
        """A member of ours with an account."""
        person = self.do(lambda unit: members.add_person(unit, self.clerk, PersonDraft(name=name))).id
        return replace(places.staff(places.JIASHAN, Role.MEMBER, sub=name, person=person), name=name)

    def drafted(self, draft: Draft, *shares: Share, by: Actor | None = None) -> PostRecord:
        return self.do(lambda unit: service.draft(unit, by or self.clerk, self.directory, draft, list(shares)))

    def signed(self, draft: Draft, *shares: Share, by: Actor | None = None) -> str:
        id = self.drafted(draft, *shares, by=by).id
        self.do(lambda unit: service.submit(unit, by or self.clerk, id))
        self.do(lambda unit: service.sign_off(unit, self.secretary, id, unclassified=True))
        return id

    def published(self, draft: Draft, *shares: Share, by: Actor | None = None) -> str:
        id = self.signed(draft, *shares, by=by)
        self.do(lambda unit: service.publish(unit, by or self.clerk, id))
        return id

    def said(self, post: str, by: Actor, text: str, sector: str | None = None, *, held: bool = False) -> str:
        """The id of a comment on the post; with a sector, for its people."""
        origin = PostOrigin.SECTOR if sector else None
        self.do(lambda unit: comment_service.comment(unit, by, post, text, origin, sector, held=held))
        return self.comments(post, by)[-1].id

    def row(self, id: str) -> PostRow:
        with self.units.read() as unit:
            return queries.ours(unit.session, id)

    def comments(self, post: str, actor: Actor) -> list[PostCommentRow]:
        with self.units.read() as unit:
            return queries.comments(unit.session, actor, post)
