"""What a form brought is looked at outside the domain's thread: a large picture takes a second."""

import asyncio
from dataclasses import replace

from tenant_service.files.inspecting import Inspected, inspected
from tenant_service.identity.actor import Actor
from tenant_service.web.forms import Form, Upload

FIELD = "file"


async def looked_at(actor: Actor, form: Form) -> Form:
    """The form, with what may be kept in the place of what was sent: `ready` of every act that takes uploads.

    Raises:
        Refusal: FILE_TOO_LARGE, FILE_KIND, FILE_DAMAGED, FILE_UNSAFE, CLASSIFIED.
    """
    del actor
    made = {name: tuple([await _one(each) for each in told]) for name, told in form.files.items()}
    return replace(form, files=made)


async def _one(told: Upload) -> Inspected:
    return await asyncio.to_thread(inspected, told.name, told.data)
