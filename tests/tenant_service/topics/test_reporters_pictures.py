"""Pictures that come with a report: looked at and counted before they are unpacked, kept without what they say."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import uuid_utils
from PIL import Image
from sqlalchemy import select
from starlette.testclient import TestClient

from tenant_service.files import queries as files
from tenant_service.files import rules as file_rules
from tenant_service.files import uploads
from tenant_service.files.inspecting import Inspected, inspected
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import picture_service
from tenant_service.topics.models import TopicPictureShareRow
from tenant_service.topics.picture_service import Share
from tests.tenant_service.browsing import Browser
from tests.tenant_service.identity.moments import at_one_moment
from tests.tenant_service.topics.office import Office
from tests.tenant_service.topics.test_public_pages import REPORT, topics
from tests.tenant_service.topics.test_reporting import door
from tests.waiting import until

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def citizen(anybody: Callable[..., Browser]) -> Browser:
    return anybody()


@sqlite
def test_pictures_are_not_unpacked_without_consent_and_no_more_than_counted(
    citizen: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_rules, "MOST_A_DAY_OF_REPORTERS", 1)
    damaged = ("file", ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    told_so = {"csrf": citizen.go("/report").csrf(), "key": "0192f0c1d2e34567890abcdef0000009", **REPORT}
    without = {name: told for name, told in told_so.items() if name != "consent"}
    page = citizen._on(citizen.client.post("/report", data=without, files=[damaged]))
    assert page.error_of("consent") == "请先阅读并同意", "before anything was looked at"
    out, two = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    Image.new("RGB", (8, 8), "blue").save(two, "PNG")
    both = [("file", ("a.png", each.getvalue(), "image/png")) for each in (out, two)]
    page = citizen._on(citizen.client.post("/report", data=told_so, files=both))
    assert (page.status, "照片没有收下" in page.text) == (200, True)
    assert [office.row(id).photos for id in topics(office)] == [1]
    tried = [citizen.client.post("/report", data=told_so, files=[damaged]).status_code for _ in range(12)]
    assert (tried[0], tried[-1]) == (400, 429)


@sqlite
def test_one_door_or_device_does_not_use_up_the_pictures_of_the_others_and_a_restart_forgets_nothing(
    office: Office, anybody: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_service, "DOOR", Share(2, 10**9))
    monkeypatch.setattr(picture_service, "DEVICE", Share(1, 10**9))
    at = f"/q/{door(office)}/report"

    def is_kept(to: str, *colours: str) -> bool:
        """Whether all pictures of somebody's report were."""
        browser, files = anybody(), []
        for colour in colours:
            out = io.BytesIO()
            Image.new("RGB", (8, 8), colour).save(out, "PNG")
            files.append(("file", ("a.png", out.getvalue(), "image/png")))
        told_so = {"csrf": browser.go(to).csrf(), "key": uuid_utils.uuid7().hex, **REPORT}
        page = browser._on(browser.client.post(to, data=told_so, files=files))
        assert page.status == 200, page.text
        return "照片没有收下" not in page.text

    assert not is_kept(at, "red", "blue"), "a device has one"
    assert is_kept(at, "green")
    assert not is_kept(at, "black"), "the door has two"
    assert is_kept("/report", "white"), "the other door has its own"
    with office.units.read() as unit:
        shares = {row.came_by: row.files for row in unit.session.scalars(select(TopicPictureShareRow))}
    assert sorted(shares.values()) == [0, 1, 1, 1, 1, 2, 3]
    assert not [each for each in shares if "testclient" in each], "no address is kept"


@sqlite
def test_pictures_of_one_network_are_unpacked_one_after_the_other(
    citizen: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    now: list[int] = []
    seen: list[int] = []
    may_go_on = Event()

    def slow(name: str, data: bytes, most_pixels: int) -> Inspected:
        now.append(1)
        seen.append(len(now))
        may_go_on.wait(30)
        now.pop()
        return inspected(name, data, most_pixels)

    monkeypatch.setattr(uploads, "inspected", slow)
    csrf, cookies, app = citizen.go("/report").csrf(), dict(citizen.client.cookies), citizen.client.app
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")

    def post(key: int) -> int:
        told_so = REPORT | {"csrf": csrf, "key": f"0192f0c1d2e34567890abcdef00000{key:02}", "words": f"第{key}件"}
        picture = ("file", ("a.png", out.getvalue(), "image/png"))
        return TestClient(app, cookies=cookies).post("/report", data=told_so, files=[picture]).status_code

    with ThreadPoolExecutor(6) as several:
        sent = [several.submit(post, key) for key in range(6)]
        try:
            until(lambda: sum(each.done() for each in sent) == 3, what="three hold the places, the others were refused")
        finally:
            may_go_on.set()
    assert sorted(each.result() for each in sent) == [200, 200, 200, 503, 503, 503]
    assert max(seen) == 1


@sqlite
def test_pictures_come_with_it_without_what_the_phone_called_them(citizen: Browser, office: Office) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    form = citizen.go("/report")
    told_so = {"csrf": form.csrf(), "key": "0192f0c1d2e34567890abcdef0000009", **REPORT}
    picture = ("file", ("欧阳大爷家.jpg", out.getvalue(), "image/jpeg"))
    four = citizen._on(citizen.client.post("/report", data=told_so, files=[picture] * 4))
    assert (four.status, four.error_of("file")) == (400, "最多3张")
    paper = ("file", ("a.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf"))
    assert citizen._on(citizen.client.post("/report", data=told_so, files=[paper])).status == 400
    assert topics(office) == []
    assert citizen._on(citizen.client.post("/report", data=told_so, files=[picture])).status == 200
    (id,) = topics(office)
    assert office.row(id).photos == 1
    with office.units.read() as unit:
        (file,) = files.of(unit.session, id)
    assert (file.name, file.by_reporter, file.sub) == ("照片1.jpg", True, "")
    assert citizen.go(f"/files/{file.id}").status == 404


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_first_two_pictures_of_a_day_that_come_at_one_moment_count_both(office: Office) -> None:
    came = {"door:web": Share(5, 10**9)}

    def count(unit: Unit) -> None:
        assert picture_service._taken(unit, came, 7)

    assert at_one_moment(office.units, count, lambda: office.do(count)) is None
    with office.units.read() as unit:
        [row] = unit.session.scalars(select(TopicPictureShareRow))
    assert (row.files, row.bytes) == (2, 14)
