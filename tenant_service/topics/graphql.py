"""Topics in GraphQL: what can be asked, and what can be done."""

import datetime as dt
from collections.abc import Sequence

import strawberry
from sqlalchemy.orm import Session

from sync.contract.asking.cursors import Cursor
from sync.contract.ids import Id
from sync.contract.shapes.procedures import Need
from sync.contract.shapes.topics import ReturnReason, TopicCategory, TopicOrder, TopicSource
from sync.contract.visibility import Visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Connection
from tenant_service.graph.mutations import Mutations, perform
from tenant_service.graph.types import Home, Merge, shown
from tenant_service.identity.policy import UseCase
from tenant_service.relations.kinds import Relation
from tenant_service.topics import following_service as following
from tenant_service.topics import handling_service as handling
from tenant_service.topics import offline_service as offline
from tenant_service.topics import queries, routing_queries, service
from tenant_service.topics import routing_service as routing
from tenant_service.topics import screening_service as screening
from tenant_service.topics.graphql_types import (
    Topic,
    TopicFilter,
    TopicInput,
    TopicParts,
    TopicPlanInput,
    TopicReportInput,
    TopicRoute,
)
from tenant_service.topics.models import TopicRouteRow

PUBLIC, TENANT = Visible.PUBLIC, Visible.TENANT


@strawberry.type
class TopicQuery:
    @shown(PUBLIC, "Topics, one page.", directives=[Merge(by="orderBy")])
    def topics(
        self, info: Info, where: TopicFilter | None = strawberry.UNSET, first: int = 20,
        order_by: TopicOrder = TopicOrder.RAISED_AT_DESC, after: Cursor | None = strawberry.UNSET,
    ) -> Connection[Topic]:  # fmt: skip
        context, wanted = info.context, where.wanted() if where else queries.Wanted()
        found = queries.listed(
            context.unit.session, context.actor, wanted, order_by, first, after or None, context.owners
        )
        return Connection(page=found)

    @shown(PUBLIC, "One topic.")
    def topic(self, info: Info, id: Id) -> Topic | None:
        return queries.one(info.context.unit.session, info.context.actor, id)  # type: ignore[return-value]

    @shown(TENANT, "分派规则: who looks after which topics; for the office.", directives=[Home()])
    def topic_routes(self, info: Info) -> list[TopicRoute]:
        context, session = info.context, info.context.unit.session
        context.actor.require(UseCase.SEE_WORK)
        return _routes(session, routing_queries.routes(session))


TOPICS = Mutations(Topic)


@strawberry.type
class TopicMutation:
    # ── coming in ──

    @shown(TENANT, "窗口登记: write down what somebody came with.")
    def register_topic(
        self, info: Info, key: Id, source: TopicSource, topic: TopicInput, report: TopicReportInput,
        venue_id: Id | None = None,
    ) -> Topic:  # fmt: skip
        told = plain(source=source, topic=topic, report=report, venue_id=venue_id)
        return perform(  # type: ignore[return-value]
            info, key, told,
            lambda unit, who: service.register(
                unit, who, source, topic.described(), report.report(), venue_id,
                info.context.terms(UseCase.HANDLE_TOPICS).notice_workdays,
            ),
        )  # fmt: skip

    @shown(TENANT, "委员荐题: raise something as a member.")
    def recommend_topic(self, info: Info, key: Id, topic: TopicInput, words: str) -> Topic:
        told = plain(topic=topic, words=words)
        return perform(  # type: ignore[return-value]
            info, key, told,
            lambda unit, who: service.recommend(
                unit, who, topic.described(), words, info.context.terms(UseCase.RECOMMEND_TOPICS).notice_workdays
            ),
        )  # fmt: skip

    @shown(TENANT, "Describe a topic anew.")
    def redescribe_topic(self, info: Info, key: Id, id: Id, topic: TopicInput) -> Topic:
        told = plain(id=id, topic=topic)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: service.redescribe(unit, who, id, topic.described())
        )

    share_topic = TOPICS.share("Share a topic with exactly these.", service.share)

    @shown(TENANT, "关联: it takes up another one again (FOLLOWS_UP), or is a class that it belongs to (GENERALISES).")
    def relate_topic(self, info: Info, key: Id, id: Id, kind: Relation, other_id: Id) -> Topic:
        told = plain(id=id, kind=kind, other_id=other_id)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: service.relate(unit, who, id, kind, other_id)
        )

    @shown(TENANT, "Take such a link away.")
    def unrelate_topic(self, info: Info, key: Id, id: Id, kind: Relation, other_id: Id) -> Topic:
        told = plain(id=id, kind=kind, other_id=other_id)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: service.unrelate(unit, who, id, kind, other_id)
        )

    follow_topic = TOPICS.act("关注: be told what becomes of it.", following.follow)
    unfollow_topic = TOPICS.act("取消关注.", following.unfollow)

    @shown(TENANT, "确定责任单位（人）: who looks after it; null: nobody in particular.")
    def entrust_topic(self, info: Info, key: Id, id: Id, target_id: Id | None = None) -> Topic:
        told = plain(id=id, target_id=target_id)
        return perform(info, key, told, lambda unit, who: routing.entrust(unit, who, id, target_id))  # type: ignore[return-value]

    @shown(TENANT, "登记分派规则; said again of the same category and area, the target is another one.")
    def add_topic_route(
        self, info: Info, key: Id, target_id: Id, category: TopicCategory | None = None, area_id: Id | None = None
    ) -> TopicRoute:
        context = info.context
        return context.perform(
            "addTopicRoute", key, plain(target_id=target_id, category=category, area_id=area_id),
            lambda unit: _routes(
                unit.session, [routing.add_route(unit, context.actor, category, area_id, target_id)]
            )[0],
            kept_as=TopicRoute,
        )  # fmt: skip

    @shown(TENANT, "Take a rule away; as it was.")
    def remove_topic_route(self, info: Info, key: Id, id: Id) -> TopicRoute:
        context = info.context
        return context.perform(
            "removeTopicRoute", key, plain(id=id),
            lambda unit: _routes(unit.session, [routing.remove_route(unit, context.actor, id)])[0], kept_as=TopicRoute,
        )  # fmt: skip

    # ── on paper ──

    @shown(TENANT, "登记线下办理: a place for a classified matter, with a number, whose idea it was and the day alone.")
    def place_offline_topic(self, info: Info, key: Id, source: TopicSource, day: dt.date) -> Topic:
        told = plain(source=source, day=day)
        return perform(info, key, told, lambda unit, who: offline.place(unit, who, source, day))  # type: ignore[return-value]

    @shown(TENANT, "线下办结.")
    def finish_offline_topic(self, info: Info, key: Id, id: Id, day: dt.date) -> Topic:
        told = plain(id=id, day=day)
        return perform(info, key, told, lambda unit, who: offline.finish(unit, who, id, day))  # type: ignore[return-value]

    resume_offline_topic = TOPICS.act("撤销线下办结.", offline.resume)
    discard_offline_topic = TOPICS.act("作废: there is no such matter on paper; as it was.", offline.discard)

    # ── screening ──

    @shown(TENANT, "受理, in the office's words.")
    def accept_topic(self, info: Info, key: Id, id: Id, topic: TopicInput) -> Topic:
        told = plain(id=id, topic=topic)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: screening.accept(unit, who, id, topic.described())
        )

    @shown(TENANT, "移交首接: another member looks at it first; null: the desk does.")
    def hand_on_topic(self, info: Info, key: Id, id: Id, reason: str, person_id: Id | None = None) -> Topic:
        told = plain(id=id, reason=reason, person_id=person_id)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: screening.hand_on(unit, who, id, person_id, reason)
        )

    @shown(TENANT, "不予受理, with a reason of the list and in words.")
    def turn_down_topic(self, info: Info, key: Id, id: Id, code: ReturnReason, reason: str) -> Topic:
        told = plain(id=id, code=code, reason=reason)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: screening.turn_down(unit, who, id, code, reason)
        )

    @shown(TENANT, "转交: to a unit of ours, or to somebody named.")
    def forward_topic(self, info: Info, key: Id, id: Id, reason: str, to: str = "", unit_id: Id | None = None) -> Topic:
        told = plain(id=id, reason=reason, to=to, unit_id=unit_id)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: screening.forward(unit, who, id, to, reason, unit_id)
        )

    @shown(TENANT, "并案: it goes on as another topic of ours.")
    def merge_topic(self, info: Info, key: Id, id: Id, into_id: Id, reason: str) -> Topic:
        told = plain(id=id, into_id=into_id, reason=reason)
        return perform(  # type: ignore[return-value]
            info, key, told, lambda unit, who: screening.merge(unit, who, id, into_id, reason)
        )

    @shown(TENANT, "拆分: each part goes on by itself.")
    def split_topic(self, info: Info, key: Id, id: Id, parts: list[TopicInput]) -> TopicParts:
        context = info.context
        return context.perform(
            "splitTopic", key, plain(id=id, parts=parts),
            lambda unit: TopicParts(
                part_ids=[
                    each.id for each in screening.split(unit, context.actor, id, [one.described() for one in parts])
                ]
            ),
            kept_as=TopicParts,
        )  # fmt: skip

    undo_topic = TOPICS.act_because(
        "撤销处理: what was returned, forwarded or merged is accepted after all.", screening.undo
    )

    @shown(TENANT, "入库, under its category.")
    def store_topic(self, info: Info, key: Id, id: Id, category: TopicCategory) -> Topic:
        told = plain(id=id, category=category)
        return perform(info, key, told, lambda unit, who: screening.store(unit, who, id, category))  # type: ignore[return-value]

    # ── handling ──

    @shown(TENANT, "选题: take it up, as somebody decided.")
    def select_topic(self, info: Info, key: Id, id: Id, plan: TopicPlanInput) -> Topic:
        told = plain(id=id, plan=plan)
        return perform(info, key, told, lambda unit, who: handling.select(unit, who, id, plan.plan()))  # type: ignore[return-value]

    put_back_topic = TOPICS.act_because("退回题库, with the reason.", handling.put_back)

    @shown(TENANT, "启动: begin a procedure that is in force.")
    def begin_topic(self, info: Info, key: Id, id: Id, procedure_id: Id) -> Topic:
        told = plain(id=id, procedure_id=procedure_id)
        return perform(info, key, told, lambda unit, who: handling.begin(unit, who, id, procedure_id))  # type: ignore[return-value]

    handle_topic = TOPICS.act("直接办理, without a procedure.", handling.handle)

    @shown(TENANT, "登记依据: say that something is there which no record shows.")
    def prove_topic(self, info: Info, key: Id, id: Id, need: Need, day: dt.date, note: str) -> Topic:
        told = plain(id=id, need=need, day=day, note=note)
        return perform(info, key, told, lambda unit, who: handling.prove(unit, who, id, need, day, note))  # type: ignore[return-value]

    @shown(TENANT, "关联活动: one of our activities is about it.")
    def link_topic_activity(self, info: Info, key: Id, id: Id, activity_id: Id) -> Topic:
        told = plain(id=id, activity_id=activity_id)
        return perform(info, key, told, lambda unit, who: handling.hold(unit, who, id, activity_id))  # type: ignore[return-value]

    @shown(TENANT, "The activity is not about it after all.")
    def unlink_topic_activity(self, info: Info, key: Id, id: Id, activity_id: Id) -> Topic:
        told = plain(id=id, activity_id=activity_id)
        return perform(info, key, told, lambda unit, who: handling.release(unit, who, id, activity_id))  # type: ignore[return-value]

    advance_topic = TOPICS.act("进入下一步, when all that the present one needs is there.", handling.advance)

    @shown(TENANT, "Write what was done, for the office.")
    def write_topic_note(self, info: Info, key: Id, id: Id, text: str) -> Topic:
        told = plain(id=id, text=text)
        return perform(info, key, told, lambda unit, who: handling.write_note(unit, who, id, text))  # type: ignore[return-value]

    @shown(TENANT, "办结: draft the public answer; it waits for whoever signs.")
    def resolve_topic(self, info: Info, key: Id, id: Id, answer: str) -> Topic:
        told = plain(id=id, answer=answer)
        return perform(info, key, told, lambda unit, who: handling.resolve(unit, who, id, answer))  # type: ignore[return-value]

    send_back_topic = TOPICS.act_because("退回办理, with the reason.", handling.send_back)
    answer_topic = TOPICS.sign_off("签发答复; `unclassified` confirms 已经保密审查，不涉密.", handling.answer)
    reopen_topic = TOPICS.act_because("重新办理, with the reason.", handling.reopen)

    @shown(TENANT, "归档, for good.")
    def archive_topic(self, info: Info, key: Id, id: Id) -> Topic:
        return perform(  # type: ignore[return-value]
            info, key, plain(id=id),
            lambda unit, who: handling.archive(
                unit, who, id, info.context.terms(UseCase.HANDLE_TOPICS).unsettled_days
            ),
        )  # fmt: skip

    @shown(TENANT, "跟踪 until a day that is to come; null: no longer.")
    def track_topic(self, info: Info, key: Id, id: Id, until: dt.date | None = None) -> Topic:
        told = plain(id=id, until=until)
        return perform(info, key, told, lambda unit, who: handling.track(unit, who, id, until))  # type: ignore[return-value]


def _routes(session: Session, rows: Sequence[TopicRouteRow]) -> list[TopicRoute]:
    names = routing_queries.called(session, [row.target_id for row in rows])
    return [
        TopicRoute(
            id=Id(row.id), category=row.category, area_id=Id(row.area_id) if row.area_id else None,
            target_id=Id(row.target_id), target=names.get(row.target_id),
        )
        for row in rows
    ]  # fmt: skip
