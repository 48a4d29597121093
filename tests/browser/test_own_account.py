"""What somebody's account is signed in by, on every width and for everybody: applications, consent, browsers, links."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tenant_service.identity import accounts, links
from tests.browser.conftest import Looked, Opening
from tests.tenant_service.identity.conftest import PASSWORD
from tests.tenant_service.oauth.program import Program
from tests.tenant_service.oauth.provider import CLIENT, other_provider
from tests.tenant_service.oauth.tenant import MovableClock, Tenant, served
from tests.tenant_service.places import JIASHAN

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LONG = "长三角生态绿色一体化发展示范区政协联动履职数据报送系统（试运行）"


@pytest.fixture(scope="module")
def tenant(chromium: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """A committee whose clerk signs in elsewhere as well, lets an application in, and has two browsers."""
    with other_provider(MovableClock()) as other:
        told = {"external_issuer": other.url, "external_client_id": CLIENT, "external_name": "市级统一登录"}
        with served(tmp_path_factory.mktemp("own"), **told) as made:  # type: ignore[arg-type]
            other.clock = made.clock
            console = accounts.console(JIASHAN)
            made.write(
                lambda unit: links.link(unit, console, other.url, "8f14e45f-ea2c-4f0b-9d7e-2c1a5b6d7e8f", "clerk")
            )
            Program(made, made.client(LONG, key=True), made.browser("clerk")).tokens()
            yield made


def browsing(context: BrowserContext, tenant: Tenant, name: str) -> Page:
    """A page of a browser that is signed in."""
    for cookie, value in tenant.browser(name).cookies.items():
        context.add_cookies([{"name": cookie, "value": value, "url": tenant.url}])
    return context.new_page()


@pytest.mark.parametrize(
    ("name", "path"), [("admin", "/applications"), ("clerk", "/password"), ("clerk", "/links"), ("admin", "/links")]
)
def test_ones_own_pages_are_for_everybody(
    tenant: Tenant, opened: Opening, look: Callable[[Page], Looked], name: str, path: str
) -> None:
    look(browsing(opened(), tenant, name)).at(tenant.url + path, f"own-{name}{path.replace('/', '-')}")


def test_consent_is_for_everybody_and_works_without_scripts(
    tenant: Tenant, opened: Opening, look: Callable[[Page], Looked]
) -> None:
    program = Program(tenant, tenant.client(LONG, key=True, own=False), tenant.browser("clerk"))
    at = tenant.url + program.asking()
    look(browsing(opened(), tenant, "clerk")).at(at, "own-consent")
    page = browsing(opened(scripts=False), tenant, "clerk")
    page.goto(at)
    with page.expect_request(lambda request: "error=access_denied" in request.url):
        page.get_by_role("button", name="不同意").click()


def test_a_link_is_taken_away_without_scripts(tenant: Tenant, opened: Opening) -> None:
    page = browsing(opened(scripts=False), tenant, "clerk")
    page.goto(f"{tenant.url}/links")
    page.locator("#f-password-1").fill(PASSWORD)
    page.get_by_role("button", name="解除关联").click()
    expect(page.locator("main")).to_contain_text("尚未关联外部账号")
