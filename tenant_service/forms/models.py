"""Tables of this room; private. What leaves is what `record()` lists, one by one: neither a key nor an answer."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sync.contract.ids import Id
from sync.contract.shapes.forms import FormAudience, FormKind, FormRecord, FormState, QuestionKind
from tenant_service.forms.rules import Question, Standing
from tenant_service.signing.columns import SignedColumns
from tenant_service.storage.columns import Ascii, CopyColumns, Listing, OwnColumns, Row
from tenant_service.storage.personal import Personal, personal
from tenant_service.storage.searched import Searched


class FormColumns(Searched):
    """A form as its record tells it, ours or another committee's."""

    SEARCHED_AS = "form"
    SEARCHED = ("title",)
    id: Mapped[str]
    committee_id: Mapped[str]
    kind: Mapped[FormKind]
    title: Mapped[str]
    text: Mapped[str | None]
    state: Mapped[FormState]
    audience: Mapped[FormAudience]
    question_texts: Mapped[list[str]]
    question_kinds: Mapped[list[QuestionKind]] = mapped_column(Listing(list[QuestionKind]))
    question_options: Mapped[list[list[str]]] = mapped_column(Listing(list[list[str]]))
    question_needed: Mapped[list[bool]] = mapped_column(Listing(list[bool]))
    pass_mark: Mapped[int | None]
    opened_on: Mapped[dt.date | None]
    closes_on: Mapped[dt.date | None]
    answers: Mapped[int | None]
    passed: Mapped[int | None]
    withdrawn_because: Mapped[str | None]
    revision: Mapped[int]
    changed_at: Mapped[dt.datetime]

    def record(self) -> FormRecord:
        return FormRecord(
            id=Id(self.id), committee_id=Id(self.committee_id), kind=self.kind, title=self.title, text=self.text,
            state=self.state, audience=self.audience, question_texts=self.question_texts,
            question_kinds=self.question_kinds, question_options=self.question_options,
            question_needed=self.question_needed, pass_mark=self.pass_mark, opened_on=self.opened_on,
            closes_on=self.closes_on, answers=self.answers, passed=self.passed,
            withdrawn_because=self.withdrawn_because, revision=self.revision, changed_at=self.changed_at,
        )  # fmt: skip


class FormRow(FormColumns, OwnColumns, SignedColumns, Row):
    """A form of this committee."""

    __tablename__ = "form"
    question_key: Mapped[list[list[int]]] = mapped_column(Listing(list[list[int]]))
    """Per question the numbers of the right options; it never leaves, and is shown to the office alone."""
    token: Mapped[str] = mapped_column(Ascii, unique=True)
    """By which the public comes to it."""
    __table_args__ = (
        Index("form_by_change", "changed_at", "committee_id", "id"),
        Index("form_by_day", "opened_on", "committee_id", "id"),
        Index("form_by_approval", "approval", "changed_at"),
    )

    def standing(self) -> Standing:
        return Standing(self.approval, self.state)

    def questions(self) -> list[Question]:
        told = zip(self.question_kinds, self.question_texts, self.question_options, self.question_needed,
                   self.question_key, strict=True)  # fmt: skip
        return [Question(kind, text, tuple(options), needed, tuple(key)) for kind, text, options, needed, key in told]


class SeenFormRow(FormColumns, CopyColumns, Row):
    """A form that another committee shared with us."""

    __tablename__ = "seen_form"
    __table_args__ = (
        Index("seen_form_by_change", "changed_at", "committee_id", "id"),
        Index("seen_form_by_day", "opened_on", "committee_id", "id"),
    )


class FormInvitedRow(Row):
    """受邀: who of our people may answer, and nobody else."""

    __tablename__ = "form_invited"
    form_id: Mapped[str] = mapped_column(ForeignKey("form.id"), primary_key=True)
    person_id: Mapped[str] = personal(Personal.WHO, Ascii, primary_key=True, index=True)


class FormAnswerRow(Row):
    """作答: what somebody answered, once; it may be changed while the form is open, besides that of a quiz.

    `respondent`: by what one is told from another: an account, or a device without one, as a digest.
    """

    __tablename__ = "form_answer"
    id: Mapped[str] = mapped_column(Ascii, primary_key=True)
    form_id: Mapped[str] = mapped_column(ForeignKey("form.id"))
    respondent: Mapped[str] = mapped_column(Ascii)
    person_id: Mapped[str | None] = personal(Personal.WHO, Ascii, index=True)
    name: Mapped[str | None] = personal(Personal.NAME)
    given: Mapped[list[list[str]]] = personal(Personal.TEXT, Listing(list[list[str]]))
    score: Mapped[int | None]
    has_passed: Mapped[bool | None]
    given_on: Mapped[dt.date]
    given_at: Mapped[dt.datetime]
    __table_args__ = (
        UniqueConstraint("form_id", "respondent"),
        Index("form_answer_by_day", "given_on", "form_id"),
    )
