"""Forms that anybody may send, without an account: from a device that was shown them, and no faster than it may.

What such a form does is drawn as the answer to it and stands at no address of its own: a code that is shown once, what
somebody sees by a code. So neither a history nor a log ever has it.
"""

import hmac
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from sync.contract.errors import Code, Refusal
from sync.edge.networks import network_of
from sync.edge.places import Places
from tenant_service.identity.keys import Keys
from tenant_service.web import devices
from tenant_service.web.devices import Device
from tenant_service.web.forms import Form
from tenant_service.web.site import Again, Showing, Site, Visit
from tenant_service.web.uploading import form_of, is_multipart, uploaded

Endpoint = Callable[[Request], Awaitable[Response]]
Readying = Callable[[Request, Form], Awaitable[Form]]
MOST_UPLOADED = 16_000_000
"""Bytes of one form with its pictures."""


async def as_it_is(request: Request, form: Form) -> Form:
    del request
    return form


@dataclass(frozen=True)
class OpenForms:
    """What anybody's forms of one site stand on.

    Attributes:
        places: Forms with pictures that are read and looked at, at once: of one network, and of all.
    """

    site: Site
    places: Places = field(default_factory=lambda: Places(3, 12, 5, Code.BUSY, over=Code.BUSY))

    def shows(self, show: Showing) -> Endpoint:
        """An endpoint that answers GET; its forms are this device's."""

        async def answer(request: Request) -> Response:
            device = self._known(request) or devices.fresh(self._keys)
            return self._marked(await self.site.answered(_with(request, device), Form(), show), device)

        return answer

    def takes(self, act: Showing, again: Again, ready: Readying = as_it_is, *, writes: bool = True) -> Endpoint:
        """An endpoint that answers POST with the page that `act` says. `ready` does before what would hold the domain's
        thread. What is refused is shown on the form that `again` draws, and nothing has changed then.
        """

        async def answer(request: Request) -> Response:
            form, device = Form(), self._known(request)
            request = _with(request, device or devices.fresh(self._keys))
            try:
                with self._placed(request):
                    form = await self._read(request)
                    _of(device, form)
                    done = await ready(request, form)
                told = await self.site.answered(request, done, act, raises=True, writes=writes)
            except Refusal as refusal:
                told = await self.site.answered(request, form, again, refusal)
                told.headers.update(refusal.headers)
            return self._marked(told, device_of(request))

        return answer

    @property
    def _keys(self) -> Keys:
        return self.site.services.keys

    @property
    def _cookie(self) -> str:
        return f"{self.site.cookie}-device"

    def _known(self, request: Request) -> Device | None:
        return devices.known(request, self._cookie, self._keys)

    def _marked(self, response: Response, device: Device) -> Response:
        devices.mark(response, device, self._cookie, self._keys)
        return response

    def _placed(self, request: Request) -> AbstractContextManager[None]:
        """Raises: Refusal BUSY, too many bring pictures at this moment."""
        return self.places.held(network_of(address_of(request))) if is_multipart(request) else nullcontext()

    async def _read(self, request: Request) -> Form:
        """Raises: Refusal BAD_REQUEST, TOO_LARGE, FORBIDDEN."""
        return await (uploaded(request, MOST_UPLOADED) if is_multipart(request) else form_of(request))


def device_of(request: Request) -> Device:
    """Whose form it is; of a request that came through `OpenForms`."""
    found: Device = request.state.device
    return found


def address_of(request: Request) -> str:
    """By which whoever asks is counted."""
    return request.client.host if request.client else ""


def secret(visit: Visit, purpose: bytes) -> bytes:
    return devices.secret_of(visit.site.services.keys, purpose)


def _of(device: Device | None, form: Form) -> None:
    """Raises: Refusal FORM_EXPIRED, the form was not shown to this device."""
    if device is None or not hmac.compare_digest(form.get("csrf").encode(), device.csrf.encode()):
        raise Refusal(Code.FORM_EXPIRED)


def _with(request: Request, device: Device) -> Request:
    request.state.device = device
    return request
