"""A clerk attaches files to a record on its page, without scripts; they are handed out as downloads and run nowhere."""

import pytest
from starlette.testclient import TestClient

from tenant_service.files import queries
from tenant_service.files.pages import SANDBOX
from tenant_service.web.site import Site
from tenant_service.web.uploading import MOST_FILES, MOST_UPLOADED
from tests.tenant_service.browsing import Browser
from tests.tenant_service.files import samples

# A page does not know which database is below it; the room's own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SESSION = {
    "title": "垃圾分类议事", "kind": "HALL_SESSION", "startsAt": "2026-04-08T09:00", "place": "罗星议事堂",
}  # fmt: skip


@pytest.fixture
def at(clerk_browser: Browser) -> str:
    """The page of an activity of ours."""
    return clerk_browser.go("/activities/new").send("/activities/new", **SESSION).path


def files(site: Site, at: str) -> list[str]:
    with site.units.read() as unit:
        return [row.id for row in queries.of(unit.session, at.rpartition("/")[2])]


def upload(browser: Browser, at: str, *told: tuple[str, bytes], **fields: str) -> Browser:
    """Sends the form of the record's page as a browser does."""
    browser.go(at)
    parts = [("file", (name, data, "application/octet-stream")) for name, data in told]
    action = f"/files/of/{at.rpartition('/')[2]}"
    assert f'action="{action}" enctype="multipart/form-data"' in browser.text
    return browser._on(browser.client.post(action, data={"csrf": browser.csrf()} | fields, files=parts))


def test_files_are_attached_and_handed_out_as_downloads_that_run_nowhere(
    clerk_browser: Browser, site: Site, at: str
) -> None:
    page = upload(clerk_browser, at, ("签到表.pdf", samples.pdf()), ("现场.jpg", samples.picture()))
    assert (page.status, page.path) == (200, at)
    assert "签到表.pdf" in page.text
    paper, photo = files(site, at)
    answer = clerk_browser.client.get(f"/files/{paper}")
    assert answer.content == samples.pdf()
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E7%AD%BE%E5%88%B0%E8%A1%A8.pdf"
    assert answer.headers["content-type"] == "application/pdf"
    for path in (f"/files/{paper}", f"/files/{photo}", f"/files/{photo}/picture"):
        headers = clerk_browser.client.get(path).headers
        assert headers["content-security-policy"] == SANDBOX
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "private, no-store"
    shown = clerk_browser.client.get(f"/files/{photo}/picture")
    assert (shown.headers["content-disposition"], shown.headers["content-type"]) == ("inline", "image/jpeg")
    assert samples.CAMERA.encode() not in shown.content
    assert f'src="/files/{photo}/picture"' in page.text
    assert clerk_browser.go(f"/files/{paper}/picture").status == 404, "only pictures are shown in a page"


def test_nobody_else_opens_or_attaches_anything(
    clerk_browser: Browser, member_browser: Browser, visitor: Browser, site: Site, at: str
) -> None:
    upload(clerk_browser, at, ("签到表.pdf", samples.pdf()))
    [id] = files(site, at)
    for browser in (member_browser, visitor):
        assert browser.client.get(f"/files/{id}").status_code == 404
        assert browser.client.get(f"/files/of/{at.rpartition('/')[2]}").status_code == 404
    member_browser.go("/")
    form = {"csrf": member_browser.csrf()}
    parts = [("file", ("x.pdf", samples.pdf(), "application/pdf"))]
    there = f"/files/of/{at.rpartition('/')[2]}"
    assert member_browser.client.post(there, data=form, files=parts).status_code == 404
    assert member_browser.client.post(f"/files/{id}/detach", data=form).status_code == 404
    assert visitor.client.post(there, files=parts, follow_redirects=False).status_code == 303, "to signing in"
    assert files(site, at) == [id]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    clerk_browser: Browser, site: Site, at: str
) -> None:
    for name, data, said in (
        ("a.svg", samples.SVG, "不能接收"), ("a.jpg", samples.picture()[:-30], "已损坏"),
        ("a.png", samples.huge_png(), "像素"), ("b.docx", samples.bomb(), "解压后过大"),
    ):  # fmt: skip
        page = upload(clerk_browser, at, ("好.pdf", samples.pdf()), (name, data))
        assert page.status == 400
        assert said in page.error_of("file")
    page = upload(clerk_browser, at, ("机密.pdf", samples.pdf()))
    assert (page.status, "涉密信息不得录入" in page.text) == (400, True)
    page = upload(clerk_browser, at)
    assert "请选择文件" in page.text
    assert files(site, at) == []


def test_a_form_is_bounded_and_belongs_to_the_page(clerk_browser: Browser, site: Site, at: str) -> None:
    client: TestClient = clerk_browser.client
    there, token = f"/files/of/{at.rpartition('/')[2]}", {"csrf": clerk_browser.go(at).csrf()}
    part = ("file", ("x.pdf", samples.pdf(), "application/pdf"))
    answers = [
        client.post(there, data={"csrf": "wrong"}, files=[part]),
        client.post(there, data=token, files=[part] * (MOST_FILES + 1)),
        client.post(there, data=token, files=[("file", ("x.pdf", b"x" * MOST_UPLOADED, "application/pdf"))]),
        client.post(there, content=b"nonsense", headers={"content-type": "multipart/form-data; boundary=x"}),
        client.post(there, content=b"nonsense", headers={"content-type": "multipart/form-data"}),
        client.post(there, data=token | {"x": "y" * 300_000}, files=[part]),
        client.post(there, data=token, files=[part], headers={"sec-fetch-site": "cross-site"}),
    ]
    assert [each.status_code for each in answers] == [400, 400, 429, 400, 400, 400, 403]
    assert files(site, at) == []


def test_other_forms_take_no_files(clerk_browser: Browser) -> None:
    clerk_browser.go("/venues/new")
    parts = [("file", ("x.pdf", samples.pdf(), "application/pdf"))]
    answer = clerk_browser.client.post("/venues/new", data={"csrf": clerk_browser.csrf()}, files=parts)
    assert answer.status_code == 400


def test_a_file_is_taken_away_on_the_records_page(clerk_browser: Browser, site: Site, at: str) -> None:
    upload(clerk_browser, at, ("签到表.pdf", samples.pdf()))
    [id] = files(site, at)
    page = clerk_browser.go(at).send(f"/files/{id}/detach")
    assert (page.path, "签到表.pdf" in page.text) == (at, False)
    assert files(site, at) == []
    assert clerk_browser.go(f"/files/{id}").status == 404


def test_names_from_elsewhere_lead_nowhere(clerk_browser: Browser, site: Site, at: str) -> None:
    page = upload(clerk_browser, at, ("../../etc/<b>passwd</b>.exe", samples.pdf()))
    assert "<b>passwd" not in page.text
    [id] = files(site, at)
    told = clerk_browser.client.get(f"/files/{id}").headers["content-disposition"]
    assert told == "attachment; filename*=UTF-8''b.pdf"
