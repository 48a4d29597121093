"""民主监督 of the demo: bodies that are appraised and what was found there, works that were looked at with their
problems, and departments that were called to a street; entered as an office would, and counted from its rows.

People, bodies and words are invented.
"""

import datetime as dt
from dataclasses import replace

from deploy.demo.lists import Lists
from deploy.demo.matters import Desk
from sync.contract.channels import Scope, Share
from sync.contract.instants import SHANGHAI
from sync.contract.shapes.items import ItemKind, ReplyClass
from sync.contract.shapes.supervision import BallotOpinion, CampaignKind
from tenant_service.appraisals import rules, service
from tenant_service.appraisals.service import Ballot
from tenant_service.assignments import call_service
from tenant_service.assignments.call_service import Draft as Call
from tenant_service.assignments.descriptions import Reply
from tenant_service.attendance.service import Invited
from tenant_service.identity.policy import Role
from tenant_service.supervision import service as campaigns
from tenant_service.supervision.descriptions import Draft as Campaign

_OPEN = [Share(Scope.OPEN)]
_BEGUN, _COUNTED, _HANDED_OVER = 60, 40, 30
"""Days ago."""
LEAST = 10
"""Ballots below which nothing of a result is shown."""
PROBLEMS = (
    "窗口叫号等候时间长", "办事指南与实际要求不一致", "答复群众来信超过承诺期限", "工地噪声投诉处置不及时",
    "公示栏内容未更新",
)  # fmt: skip
WORKS = ("一老一小服务场景", "城乡道路提升", "河湖水环境治理")
LACKS = ("托育点开放时间短", "学校周边缺少人行道", "支流断面水质反弹")
PUT_RIGHT = Reply("已整改，现场公示新的流程。", ReplyClass.SOLVED, "郑科长", "13800002103")


def fill(desk: Desk, people: list[Invited]) -> None:
    """There is a campaign of appraisal with its result, one of collective supervision under way, and two calls."""
    _appraisal(desk, people)
    _supervision(desk)
    _calls(desk)


def _running(desk: Desk, told: Campaign) -> str:
    """A campaign that was planned, signed and begun."""
    unit = desk.at(_BEGUN + 5)
    id = campaigns.plan(unit, desk.clerk, desk.directory, told, [*desk.upward, *_OPEN]).id
    campaigns.submit(unit, desk.clerk, id)
    campaigns.sign_off(unit, desk.secretary, id, unclassified=True)
    campaigns.begin(desk.at(_BEGUN), desk.clerk, id)
    return id


def _appraisal(desk: Desk, people: list[Invited]) -> None:
    """民主评议: members gave their ballots on each body; one of the results is published, the other still counted."""
    told = Campaign("年度民主评议", CampaignKind.APPRAISAL, desk.at(_BEGUN).now.year, body_ids=tuple(desk.bodies[:2]))
    campaign = _running(desk, told)
    for number, body in enumerate(desk.bodies[:2]):
        id = service.begin(
            desk.at(_BEGUN - 1), desk.clerk, desk.directory, service.Draft(campaign, body), _OPEN, LEAST
        ).id  # fmt: skip
        for voter in people[: LEAST + 6]:
            _votes(desk, id, voter)
        service.count(desk.at(_COUNTED), desk.clerk, id)
        if number == 0:
            service.publish(desk.at(_COUNTED - 3), desk.secretary, id, unclassified=True)
    lists = Lists(desk, campaign, _HANDED_OVER, ItemKind.FINDING)
    for number, text in enumerate(PROBLEMS):
        body = desk.bodies[number % 2]
        if number < 2:  # noqa: PLR2004 — two are put right, the others still to be
            lists.closed(text, body, 40, PUT_RIGHT)
        else:
            lists.accepted(text, body, 60)


def _votes(desk: Desk, id: str, voter: Invited) -> None:
    member = replace(desk.clerk, sub=f"demo-{voter.id}", roles=frozenset({Role.MEMBER}), person=voter.id)
    opinions = desk.words.luck.choices(list(BallotOpinion), weights=(10, 5, 2, 1), k=len(rules.FORM))
    service.give_ballot(desk.at(_BEGUN - 8), member, id, Ballot(opinions))


def _supervision(desk: Desk) -> None:
    """专项集体民主监督: a problem at each work; one is handed over, one agreed, one only put down."""
    told = Campaign("重点工作专项集体民主监督", CampaignKind.COLLECTIVE, desk.at(_BEGUN).now.year, works=WORKS)
    campaign = _running(desk, told)
    lists = Lists(desk, campaign, _HANDED_OVER - 10, ItemKind.FINDING)
    lists.assigned(LACKS[0], desk.bodies[0], 45)
    lists.agreed(LACKS[1])
    lists.proposed(LACKS[2])


def _calls(desk: Desk) -> None:
    """吹哨报到: one that was answered by all, one that waits."""
    town = desk.towns[0][1] if desk.towns else "机关"
    for days_ago, title in ((20, "老旧小区消防通道联合整治"), (1, "学校门口交通组织现场协商")):
        unit = desk.at(days_ago)
        until = dt.datetime.combine(unit.now.date() + dt.timedelta(days=4), dt.time(17), SHANGHAI)
        told = Call(town, title, f"{town}会议室", until, tuple(desk.bodies[:2]))
        id = call_service.call(unit, desk.clerk, desk.directory, told, []).id
        if days_ago > 1:
            call_service.answer(desk.at(days_ago - 1), desk.of_bodies[desk.bodies[0]], id, comes=True)
            call_service.answer(
                desk.at(days_ago - 2), desk.of_bodies[desk.bodies[1]], id, comes=False, why="当日有全市督查"
            )
