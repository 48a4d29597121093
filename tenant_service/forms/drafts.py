"""A form's form: its fields, how its questions are written as text, and what it is filled with."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.forms import FormAudience, FormKind, QuestionKind
from tenant_service.forms import queries
from tenant_service.forms.descriptions import Draft
from tenant_service.forms.models import FormRow
from tenant_service.forms.rules import Question
from tenant_service.members import queries as members
from tenant_service.web.forms import Form

FIELDS = ("kind", "title", "text", "audience", "closesOn", "passMark", "questions", "invited")
_HEAD = re.compile(r"[（(【\[]?(单选|多选|文字|数字)[）)】\]]?[:：]?\s*(.+)")
_KINDS = {each.label: each for each in QuestionKind}
RIGHT, NEEDED = "√", "*"


def draft_of(form: Form) -> Draft:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Draft(
        kind=form.needed_kind("kind", FormKind), title=form.get("title"), text=form.text("text"),
        audience=form.needed_kind("audience", FormAudience), closes_on=form.day("closesOn"),
        pass_mark=form.number("passMark"), questions=questions_of(form.get("questions")),
        invited=form.lines("invited"),
    )  # fmt: skip


def questions_of(text: str) -> tuple[Question, ...]:
    """Questions as the office writes them, an empty line between two: the kind and what is asked, an asterisk behind it
    where it has to be answered; below it one option a line, a tick before those that are right.

    Raises:
        Refusal: BAD_VALUE, a question does not say its kind.
    """
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if block.strip()]
    return tuple(_question(number, block) for number, block in enumerate(blocks, 1))


def _question(number: int, block: str) -> Question:
    head, *lines = [line.strip() for line in block.splitlines() if line.strip()]
    found = _HEAD.fullmatch(head)
    if found is None:
        why = Said(f"第{number}题须以单选、多选、文字或数字开头", f"question {number} begins with its kind")
        raise Refusal(Code.BAD_VALUE, field="questions", why=why)
    text = found[2].strip()
    right = tuple(at for at, line in enumerate(lines, 1) if line.startswith((RIGHT, "✓")))
    options = tuple(line.lstrip(f"{RIGHT}✓").strip() for line in lines)
    return Question(_KINDS[found[1]], text.rstrip("*＊").strip(), options, text.endswith((NEEDED, "＊")), right)


def written_out(questions: Sequence[Question]) -> str:
    """The same the other way round."""
    return "\n\n".join(
        "\n".join((
            f"{each.kind.label} {each.text}{NEEDED if each.is_needed else ''}",
            *(f"{RIGHT if at in each.key else ''}{option}" for at, option in enumerate(each.options, 1)),
        ))
        for each in questions
    )  # fmt: skip


def filled(session: Session, row: FormRow) -> dict[str, str]:
    """The fields as the draft stands now; who is invited by number, name where there is none."""
    persons = queries.invited(session, row.id)
    return {
        "kind": row.kind.value, "title": row.title, "text": row.text or "", "audience": row.audience.value,
        "closesOn": str(row.closes_on or ""), "passMark": str(row.pass_mark or ""),
        "questions": written_out(row.questions()),
        "invited": "\n".join(sorted(_known(session, persons))),
    }  # fmt: skip


def _known(session: Session, persons: Sequence[str]) -> list[str]:
    """By name where it means one of ours alone; else by id, which is read as well."""
    names = members.persons_named(session, persons)
    return [name if (name := names.get(id, id)) and len(members.meant(session, name)) == 1 else id for id in persons]


def written(form: Form, fields: Iterable[str]) -> dict[str, str]:
    """What was just written into these fields; nothing, where the form is new."""
    return {name: form.get(name) for name in fields} if form.values else {}


def given(form: Form, questions: Sequence[Question]) -> list[tuple[str, ...]]:
    """What was answered, per question: fields `q1`, `q2` …"""
    return [form.all(f"q{number}") for number in range(1, len(questions) + 1)]


def asked(questions: Sequence[Question], values: Sequence[Sequence[str]] = ()) -> list[dict[str, object]]:
    """The questions as a page draws them, with what was answered; never what is right."""
    padded = [*values, *([()] * (len(questions) - len(values)))]
    return [
        {"name": f"q{at}", "at": at, "kind": each.kind.value, "text": each.text, "needed": each.is_needed,
         "options": [(str(number), text) for number, text in enumerate(each.options, 1)], "told": list(told)}
        for at, (each, told) in enumerate(zip(questions, padded, strict=True), 1)
    ]  # fmt: skip
