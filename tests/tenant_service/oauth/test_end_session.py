"""An application signs its own user out here, and nobody else's; where that is not proven, the user is asked."""

from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import select

from sync.contract import jose
from tenant_service.identity.models import AuditRow
from tenant_service.identity.oauth.id_token import TYPE
from tenant_service.storage.unit_of_work import Unit
from tests.tenant_service.oauth.program import Program
from tests.tenant_service.oauth.tenant import BACK, Browser, Tenant, csrf_in


@pytest.fixture
def program(tenant: Tenant) -> Program:
    return Program(tenant, tenant.client("报表", key=True), tenant.browser("clerk"))


def _last_act(unit: Unit) -> str | None:
    return unit.session.scalar(select(AuditRow.act).order_by(AuditRow.seq.desc()).limit(1))


def end(browser: Browser, **told: str) -> httpx2.Response:
    return browser.get(f"/end-session?{urlencode(told)}")


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/password").status_code == 200


def test_its_user_is_signed_out_and_goes_back(program: Program) -> None:
    hint, phone = program.tokens()["id_token"], program.tenant.browser("clerk")
    told = end(program.browser, id_token_hint=hint, post_logout_redirect_uri=BACK, state="a&b")
    assert (told.status_code, told.headers["location"]) == (303, f"{BACK}?state=a%26b")
    assert not is_signed_in(program.browser)
    assert is_signed_in(phone), "other browsers are not asked about"
    assert program.tenant.write(_last_act) == "session.end"
    again = end(program.browser, id_token_hint=hint, post_logout_redirect_uri=BACK)
    assert (again.status_code, again.headers["location"]) == (303, BACK)


def test_it_comes_as_a_form_from_the_applications_page_as_well(program: Program) -> None:
    data = {"id_token_hint": program.tokens()["id_token"], "post_logout_redirect_uri": BACK}
    told = program.browser.post("/end-session", data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert is_signed_in(program.browser), "a form alone ends nothing"
    assert program.browser.get(told.headers["location"]).headers["location"] == BACK
    assert not is_signed_in(program.browser)


@pytest.mark.parametrize("hinted", [True, False])
def test_without_proof_the_user_is_asked(program: Program, hinted: bool) -> None:
    other = program.tenant.browser("admin")
    told = {"id_token_hint": program.tokens()["id_token"]} if hinted else {"client_id": program.client.id}
    page = end(other, **told, post_logout_redirect_uri=BACK)
    assert (page.status_code, "应用“报表”请您退出本会登录" in page.text) == (200, True)
    assert is_signed_in(other)
    form = {"csrf": csrf_in(page.text), "request": page.url.query.decode()}
    forged = {**form, "csrf": "guessed", "answer": "yes"}
    assert other.post("/end-session/answer", data=forged).status_code == 403
    assert other.post("/end-session/answer", data={**form, "answer": "no"}).headers["location"] == "/"
    assert is_signed_in(other)
    assert other.post("/end-session/answer", data={**form, "answer": "yes"}).headers["location"] == BACK
    assert not is_signed_in(other)


@pytest.mark.parametrize("back", ["https://evil.example", f"{BACK}/", f"{BACK}?x=1", "//evil.example", BACK.upper()])
def test_nobody_goes_to_an_address_that_was_not_registered(program: Program, back: str) -> None:
    hint = program.tokens()["id_token"]
    for told in ({"id_token_hint": hint}, {"client_id": program.client.id}, {}):
        answer = end(program.browser, **told, post_logout_redirect_uri=back)
        assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert is_signed_in(program.browser)


def test_a_hint_that_is_none_of_ours_ends_nothing(tenant: Tenant, program: Program) -> None:
    held, other = program.tokens(), tenant.client()
    payload, key = jose.payload_of(held["id_token"]), tenant.committee.keys.token
    for told in (
        {"id_token_hint": held["access_token"]}, {"id_token_hint": "x"},
        {"id_token_hint": jose.sign(TYPE, payload, jose.new_key())},
        {"id_token_hint": jose.sign(TYPE, payload.replace(tenant.url.encode(), b"https://another.example"), key)},
        {"id_token_hint": held["id_token"], "client_id": other.id},
    ):  # fmt: skip
        assert end(program.browser, **told).status_code == 400
    assert end(program.browser, client_id="nobody").status_code == 401
    assert is_signed_in(program.browser)
