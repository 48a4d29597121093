"""A new county enters its towns, units and people by hand, sees them as lists and files, and says what each is."""

from collections.abc import Callable

import pytest

from tenant_service.identity.policy import Role
from tests.tenant_service.browsing import Browser

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PERSON = {"name": "张三", "gender": "MALE", "birthMonth": "1968-05", "workPhone": "13800005678", "employer": "某公司",
          "rosterNo": "", "tags": "法律、企业委员"}  # fmt: skip


def unit(clerk: Browser, name: str, kind: str, **told: str) -> str:
    """Its address."""
    page = clerk.go("/units/new").send("/units/new", name=name, kind=kind, **told)
    assert page.status == 200, page.text
    return page.path


def person(clerk: Browser, **told: str) -> str:
    page = clerk.go("/people/new").send("/people/new", **PERSON | told)
    assert page.status == 200, page.text
    return page.path


def seated(clerk: Browser, at: str, **told: str) -> None:
    clerk.go(at).send(f"{at}/propose", title="委员", term="10", **told)
    [membership] = [
        each for each in clerk.text.split('name="membership"')[1].split('value="') if ".membership." in each
    ]
    clerk.send(f"{at}/confirm", membership=membership.split('"')[0], meeting="县政协十届一次会议", day="2026-04-01")
    assert clerk.status == 200, clerk.text


def test_towns_and_units_are_entered_changed_merged_and_closed(clerk_browser: Browser, member_browser: Browser) -> None:
    clerk = clerk_browser
    assert "还没有组织单元" in clerk.go("/units").text
    town, other = unit(clerk, "罗星街道", "TOWN"), unit(clerk, "惠民街道", "TOWN")
    grid = unit(clerk, "一网格", "GRID", parentId=town.rpartition("/")[2])
    assert "罗星街道" in clerk.text
    assert "一网格" in clerk.go(town).text
    page = clerk.go("/units/new").send("/units/new", name="专委会", kind="SPECIAL_COMMITTEE",
                                       parentId=town.rpartition("/")[2])  # fmt: skip
    assert (page.status, bool(page.error_of("parentId"))) == (409, True)
    clerk.go(f"{grid}/change").send(f"{grid}/change", name="第一网格", kind="GRID", parentId=town.rpartition("/")[2])
    assert "第一网格" in clerk.go("/units?kind=GRID").text
    page = clerk.go(town).send(f"{town}/close", last="2026-04-01")
    assert page.error_of("last"), "units still stand below it"
    clerk.go(town).send(f"{town}/merge", into=other.rpartition("/")[2])
    assert "并入" in clerk.go(town).text
    assert "第一网格" in clerk.go(other).text
    assert "镇街 2 个，已联系 0 个" in clerk.go("/postings").text
    assert "惠民街道" in clerk.client.get("/units.csv").content.decode("utf-8-sig")
    assert member_browser.go("/units").status == 200
    assert f'action="{other}/close"' not in member_browser.go(other).text
    assert member_browser.go("/units/new").status == 403


@pytest.mark.practice(15)
def test_people_are_entered_with_what_they_are_and_own_staff_see_work_phones_of_members(
    clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    clerk = clerk_browser
    assert "名册还没有人员" in clerk.go("/people").text
    at = person(clerk)
    assert "138****5678" in clerk.go(at).text, "who has no seat is a person like any other"
    assert "138****5678" not in clerk.go("/people").text
    seated(clerk, at, sector="ECONOMY", party="CPC", entry="ADDED")
    assert "13800005678" in clerk.go("/people").text
    assert "县政协十届一次会议（2026-04-01）" in clerk.go(at).text
    assert "增补" in clerk.text
    clerk.go(f"{at}/change")
    assert 'value="1968-**"' in clerk.text
    clerk.send(f"{at}/change", **PERSON | {"birthMonth": "1968-**", "employer": "另一公司"})
    assert "另一公司" in clerk.go(at).text
    group = unit(clerk, "第一小组", "MEMBER_GROUP")
    clerk.go(at).send(f"{at}/place", unitId=group.rpartition("/")[2], kind="CONVENER", title="组长")
    assert "张三" in clerk.go(group).text
    assert "张三" in clerk.go(f"/people?unit={group.rpartition('/')[2]}").text
    membership = clerk.go(at).text.split(f"{at}/end")[1].split(".membership.")[1].split('"')[0]
    prefix = clerk.text.split(f"{at}/end")[1].split(".membership.")[0].rpartition('"')[2]
    page = clerk.send(f"{at}/end", membership=f"{prefix}.membership.{membership}", how="RESIGNED", last="2026-04-01")
    assert page.error_of("meeting"), "a seat ends by a meeting"
    stranger = anybody(Role.DEPARTMENT, body="330421.body.00000000000000000000000000000001")
    assert stranger.go("/people").status == 403
    assert stranger.go(at).status in (403, 404)


def test_a_search_is_kept_as_a_list_and_two_members_are_in_touch(clerk_browser: Browser) -> None:
    clerk = clerk_browser
    zhang, wang = person(clerk), person(clerk, name="王五", tags="", workPhone="")
    seated(clerk, zhang, party="CPC")
    seated(clerk, wang, party="CDL")
    page = clerk.go("/people?tag=企业委员")
    assert "占在任委员 50%" in page.text
    page.send("/people/segments", name="企业家委员")
    assert "企业家委员" in clerk.text
    segment = clerk.text.split("/people?segment=")[1].split('"')[0]
    assert ("张三" in clerk.go(f"/people?segment={segment}").text, "王五" in clerk.text) == (True, False)
    page = clerk.go(wang).send(f"{wang}/contact", withPersonId="张三")
    assert page.status == 400
    clerk.go(zhang).send(f"{zhang}/contact", withPersonId="王五")
    assert "王五" in clerk.go("/people/contacts").text
    assert "其中已有人联系 1 名" in clerk.text
    assert "张三,王五" in clerk.client.get("/people/contacts.csv").content.decode("utf-8-sig")
    clerk.go("/people").send(f"/people/segments/{segment}/remove")
    assert "还没有名单" in clerk.text
    clerk.go(wang).send(f"{wang}/leave", how="DECEASED", last="2026-04-01")
    assert "已离任" in clerk.text


@pytest.mark.practice(16)
def test_a_roster_goes_in_by_pages_is_previewed_taken_and_taken_back(clerk_browser: Browser) -> None:
    clerk, html = clerk_browser, {"accept": "text/html"}
    rows = "嘉善县政协委员名册,,,\n姓名,出生年月,界别,职务\n张　三,1968.05,经济界,常委\n李四,昨天,教育界,委员\n"
    assert 'action="/members/roster"' in clerk.go("/roster").text

    def upload(data: bytes) -> Browser:
        told = clerk.client.post("/members/roster", files={"file": ("名册.csv", data)}, headers=html)
        return clerk._on(told)

    assert "没有导入：" in upload("甲,乙\n1,2\n".encode()).text
    page = upload(rows.encode("gb18030"))
    assert ("张三" in page.text, "昨天" in page.text or "出生年月" in page.text) == (True, True)
    assert "张三" not in clerk.go("/people").text, "a preview changes nothing"
    clerk.go("/roster")
    at = clerk.text.split('href="/roster/')[1].split('"')[0]
    digest = clerk.go(f"/roster/{at}").text.split('name="digest" value="')[1].split('"')[0]
    told = clerk.client.post(f"/members/roster/{at}/apply", data={"digest": digest}, headers=html)
    assert "撤销整批导入" in clerk._on(told).text
    assert "张三" in clerk.go("/people").text
    clerk._on(clerk.client.post(f"/members/roster/{at}/undo", headers=html))
    assert "张三" not in clerk.go("/people").text
