"""From the draft to the signed issue: who does what, and who is told."""

from dataclasses import replace

import pytest

from sync.contract.channels import Scope, Share
from sync.contract.errors import Code
from sync.contract.shapes.reports import ReportState
from tenant_service.identity.policy import Role
from tenant_service.reports import queries, service
from tenant_service.reports.queries import Wanted
from tenant_service.signing.rules import Approval
from tests.tenant_service import places
from tests.tenant_service.reports.office import BULLETIN, INFO, PIECE, RESEARCH, Office
from tests.tenant_service.told import told


@pytest.mark.practice(13)
def test_several_authors_share_an_issue_that_was_reviewed_edited_and_signed(office: Office) -> None:
    one, two = office.member("沈一"), office.member("沈二")
    id = office.handed_in(replace(PIECE, authors=("沈二",)), one)
    assert office.row(id).authors == ["沈一", "沈二"], "who writes it is among the authors"
    office.do(lambda unit: service.take_on(unit, office.clerk, id))
    other = office.editing(replace(PIECE, title="电梯维保也要统一", authors=("民盟支部", "沈二")))
    office.do(lambda unit: service.merge(unit, office.clerk, other, id))
    assert office.row(other).state is ReportState.MERGED
    assert office.row(id).authors == ["沈一", "沈二", "民盟支部"]
    office.do(
        lambda unit: service.edit(unit, office.clerk, id, replace(PIECE, title="加装电梯", authors=("沈一", "沈二")))
    )
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    made = office.do(lambda unit: service.sign_off(unit, office.secretary, BULLETIN, id, unclassified=True))
    assert (made.state, made.number, made.issue, made.suggestions) == (ReportState.SIGNED, "《社情民意》第1期", 1, 2)
    assert office.steps(id) == ["write", "hand_in", "take_on", "edit", "edit", "submit", "sign_off"]
    with office.units.read() as unit:
        people = [each.person_id for each in queries.authors(unit.session, id)]
    assert people == [one.person, two.person]
    assert told(office.units) == [], "nobody outside is told of what is shared with nobody"


@pytest.mark.practice(3, 13)
def test_nothing_of_it_leaves_before_it_is_signed_and_nobody_signs_what_they_worded(office: Office) -> None:
    id = office.editing()
    shares = [Share(Scope.OPEN)]
    office.do(lambda unit: service.share(unit, office.clerk, places.directory(), id, shares))
    office.do(lambda unit: service.edit(unit, office.deputy, id, PIECE))
    office.do(lambda unit: service.submit(unit, office.clerk, id))
    assert told(office.units) == []
    for who, unclassified, code in (
        (office.clerk, True, Code.FORBIDDEN), (office.deputy, True, Code.OWN_DRAFT),
        (office.secretary, False, Code.SECRECY_UNCONFIRMED),
    ):  # fmt: skip
        office.refused(
            code, lambda unit: service.sign_off(unit, who, BULLETIN, id, unclassified=unclassified), id  # noqa: B023
        )  # fmt: skip
    office.do(lambda unit: service.sign_off(unit, office.secretary, BULLETIN, id, unclassified=True))
    [event] = told(office.units)
    assert (event.channel, event.data["title"], "text" in event.data, "authors" in event.data) == (
        "o", PIECE.title, False, False,
    )  # fmt: skip


def test_numbers_run_within_the_year_without_a_gap_and_for_information_alone(
    office: Office, clock: places.Clock
) -> None:
    numbers = [office.row(office.signed()).number for _ in range(2)]
    assert office.row(office.signed(replace(PIECE, kind=RESEARCH))).number is None
    numbers.append(office.row(office.signed()).number)
    assert numbers == [f"《社情民意》第{n}期" for n in (1, 2, 3)]
    clock.on(days=300)
    row = office.row(office.signed())
    assert (row.year, row.issue) == (2027, 1)


def test_a_draft_is_its_authors_and_the_offices_alone(office: Office) -> None:
    writes, other = office.member("沈一"), office.member("沈二")
    id = office.written(replace(PIECE, authors=()), writes)
    for who, shown in (
        (writes, [id]),
        (other, []),
        (office.clerk, [id]),
        (places.staff(places.JIASHAN, Role.CHAIR), [id]),
    ):
        with office.units.read() as unit:
            page = queries.listed(unit.session, who, Wanted(), "YEAR_DESC", 20, None)
            assert [row.id for row in page.rows] == shown
    for act in (service.hand_in, service.discard):
        office.refused(Code.NOT_FOUND, lambda unit: act(unit, other, id), id)  # noqa: B023
    office.refused(Code.FORBIDDEN, lambda unit: service.take_on(unit, writes, id), id)
    office.do(lambda unit: service.discard(unit, writes, id))
    with office.units.read() as unit:
        assert queries.one(unit.session, office.clerk, id) is None


def test_what_is_returned_says_why_and_what_is_not_taken_on_too(office: Office) -> None:
    writes = office.member("沈一")
    id = office.handed_in(PIECE, writes)
    office.refused(Code.NEEDS_REASON, lambda unit: service.give_back(unit, office.clerk, id, " "), id)
    office.do(lambda unit: service.give_back(unit, office.clerk, id, "补充数据"))
    row = office.row(id)
    assert (row.state, row.returned_because) == (ReportState.DRAFTING, "补充数据")
    office.do(lambda unit: service.hand_in(unit, writes, id))
    office.do(lambda unit: service.decline(unit, office.clerk, id, "已有同类信息"))
    office.refused(Code.OUT_OF_TURN, lambda unit: service.take_on(unit, office.clerk, id), id)
    assert office.row(id).returned_because == "已有同类信息"


def test_what_waits_for_its_signature_is_sent_back_before_it_is_changed(office: Office) -> None:
    id = office.submitted()
    for act in (
        lambda unit: service.edit(unit, office.clerk, id, PIECE),
        lambda unit: service.decline(unit, office.clerk, id, "不用了"),
        lambda unit: service.merge(unit, office.clerk, id, id),
    ):
        office.refused(Code.OUT_OF_TURN, act, id)
    office.do(lambda unit: service.send_back(unit, office.secretary, id, "核实数据"))
    assert office.row(id).approval is Approval.RETURNED
    office.do(lambda unit: service.edit(unit, office.clerk, id, PIECE))


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(PIECE, title=""), Code.BAD_VALUE), (replace(PIECE, text="【机密】"), Code.CLASSIFIED),
        (replace(PIECE, advice=("内部资料，注意保存",)), Code.CLASSIFIED), (replace(PIECE, authors=()), Code.BAD_VALUE),
        (replace(PIECE, authors=("重名",)), Code.BAD_VALUE), (replace(PIECE, advice=("建议",) * 201), Code.BAD_VALUE),
        (replace(PIECE, source_id=f"{places.QINGPU}.topic.{'1' * 32}"), Code.NOT_FOUND),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.practice(4)
def test_what_may_not_be_written_is_refused_and_leaves_no_trace(
    office: Office, draft: service.Draft, code: Code
) -> None:
    office.member("重名", "1970-01")
    office.member("重名", "1980-01")
    office.refused(code, lambda unit: service.write(unit, office.clerk, draft))
    with office.units.read() as unit:
        assert queries.listed(unit.session, office.clerk, Wanted(), "YEAR_DESC", 20, None).count() == 0


def test_a_clerk_does_not_share_more_of_what_is_signed(office: Office) -> None:
    id = office.signed(replace(PIECE, kind=INFO))
    shares = [Share(Scope.OPEN)]
    office.refused(
        Code.NOT_SIGNED_OFF, lambda unit: service.share(unit, office.clerk, places.directory(), id, shares), id
    )
