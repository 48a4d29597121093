"""What a form brought is looked at outside the domain's thread: a large picture takes a second, and much memory. So few
are looked at at once, and those of reporters, who have no account, never hold up those of who has one.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tenant_service.files.inspecting import Inspected, inspected
from tenant_service.files.pictures import MOST_PIXELS, MOST_PIXELS_OF_REPORTER
from tenant_service.identity.actor import Actor
from tenant_service.web.forms import Form, Upload

FIELD = "file"
_OURS = ThreadPoolExecutor(2, "uploads")
_OF_REPORTERS = ThreadPoolExecutor(1, "reported-pictures")


async def looked_at(actor: Actor, form: Form) -> Form:
    """The form, with what may be kept in the place of what was sent: `ready` of every act that takes uploads.

    Raises:
        Refusal: FILE_TOO_LARGE, FILE_KIND, FILE_DAMAGED, FILE_UNSAFE, CLASSIFIED.
    """
    del actor
    return await _looked_at(form, _OURS, MOST_PIXELS)


async def looked_at_of_reporter(form: Form) -> Form:
    """The same, of who has no account: one at a time. Raises: as `looked_at`."""
    return await _looked_at(form, _OF_REPORTERS, MOST_PIXELS_OF_REPORTER)


async def _looked_at(form: Form, by: ThreadPoolExecutor, most_pixels: int) -> Form:
    async def one(told: Upload) -> Inspected:
        return await asyncio.get_running_loop().run_in_executor(by, inspected, told.name, told.data, most_pixels)

    made = {name: tuple([await one(each) for each in told]) for name, told in form.files.items()}
    return replace(form, files=made)
