"""Where the public answers a form: by its code, without an account, from a device that was shown it.

`GET` and `POST /f/<token>`: fields `q1`, `q2` … as the page has them; of a choice the number of the option. Answers 200
with the receipt, of a quiz with its score. A device answers once; what it answers again takes the place of the first,
besides that of a quiz.
"""

from dataclasses import dataclass, field
from hashlib import blake2b

from starlette.routing import Route

from sync.edge.networks import network_of
from sync.edge.windows import Window
from tenant_service.forms import answer_service, queries, rules
from tenant_service.forms.drafts import asked, given
from tenant_service.web.open_forms import OpenForms, address_of, device_of, secret
from tenant_service.web.site import Site, View, Visit

_HOUR = 3_600.0


@dataclass(frozen=True)
class Limits:
    """How much one device and one network answer: a school's whole class can be behind one address."""

    answers: Window = field(default_factory=lambda: Window(20, _HOUR))
    answers_of_network: Window = field(default_factory=lambda: Window(600, _HOUR))

    def answered(self, visit: Visit) -> None:
        """One more came from there. Raises: Refusal RATE_LIMITED, and then it did not."""
        self.answers.count(device_of(visit.request).id)
        self.answers_of_network.count(network_of(address_of(visit.request)))


def routes(site: Site) -> list[Route]:
    forms, limits = OpenForms(site), Limits()

    def answer(visit: Visit) -> View:
        return _answer(visit, limits)

    return [
        Route("/f/{token}", forms.shows(answering), methods=["GET"]),
        Route("/f/{token}", forms.takes(answer, answering), methods=["POST"]),
    ]


def answering(visit: Visit) -> View:
    """The questions; filled with what was just written, if anything. Raises: Refusal QR_INVALID."""
    row = queries.by_token(visit.unit.session, visit.request.path_params["token"])
    questions = row.questions()
    values = given(visit.form, questions) if visit.form.values else ()
    return View("form_answer.html", {
        "it": row.record(), "questions": asked(questions, values), "action": visit.request.url.path,
        "fields": tuple(f"q{at}" for at in range(1, len(questions) + 1)), "named": row.kind in rules.NAMED,
        "token": device_of(visit.request).csrf, "is_public": True,
    })  # fmt: skip


def _answer(visit: Visit, limits: Limits) -> View:
    token = visit.request.path_params["token"]
    row = queries.by_token(visit.unit.session, token)
    done = answer_service.answer_openly(visit.unit, token, _device(visit), given(visit.form, row.questions()))
    limits.answered(visit)
    return View("form_receipt.html", {"it": row.record(), "done": done})


def _device(visit: Visit) -> str:
    """The device as a digest by the committee's secret, so that no row leads back to a browser's cookie."""
    key = secret(visit, b"form-device")
    return blake2b(device_of(visit.request).id.encode(), key=key, digest_size=16).hexdigest()
