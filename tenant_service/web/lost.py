"""What is answered at an address where nothing is."""

from starlette.requests import Request
from starlette.responses import Response

from sync.contract.errors import Code, Refusal
from tenant_service.web.forms import Form
from tenant_service.web.site import Site, View, Visit


async def lost(site: Site, request: Request) -> Response:
    """The page that says what to do; the same as to a code that is none."""

    def none(_visit: Visit) -> View:
        raise Refusal(Code.QR_INVALID)

    return await site.answered(request, Form(), none)
