"""One document, for one set of root fields, as committees of one release understand it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from graphql import DocumentNode, SelectionSetNode, print_ast

from gateway.federation.answering.reply import Extensions, Faults
from gateway.federation.planning import circles
from gateway.federation.planning.older import Reducer, filled, unused
from gateway.federation.roots.root import Root
from gateway.federation.selecting.operation import Operation
from gateway.federation.selecting.selections import keys_in
from gateway.federation.selecting.shapes import answer_of


@dataclass(frozen=True)
class Question:
    """What committees are asked, and how what they answer is read."""

    text: str
    json: bytes
    variables: tuple[str, ...]
    """Variables of the client that it uses."""
    is_personal: bool
    """Whether it selects anything that is shown to some of a committee's own people only."""
    read: Callable[[bytes], Any]
    """Raises: ValueError, the bytes are not of the shape that was asked for."""
    is_reduced: bool = False
    """Whether it asks for less, because an older release does not know all of it."""


def question_of(operation: Operation, roots: Sequence[Root], release: int | None) -> Question:
    """The document for these roots: only the fragments and the variables that they use, and of what they select only
    what this release knows; None: everything.
    """
    questions, known, mark = [root.question for root in roots], operation.fragments, ""
    if release is not None:
        mark = unused("absent", keys_in([*questions, *known.values()]))
        reducer = Reducer(operation.joint.whole, release, mark)
        questions = [reducer.field(operation.node.operation, each) for each in questions]
        known = {name: reducer.fragment(each) for name, each in known.items()}
        mark = mark if reducer.has_reduced else ""
    ours = {name: each for root in roots for name, each in root.lifted.items()}
    asked, fragments, variables = operation.document(questions, known, ours)
    text = "\n".join(map(print_ast, [asked, *fragments]))
    chosen = tuple(root.question for root in roots if root.is_for_clients)
    shown = replace(asked, selection_set=SelectionSetNode(selections=chosen))
    is_personal = circles.is_personal(operation.joint.schema, DocumentNode(definitions=(shown, *fragments)))
    return Question(text, msgspec.json.encode(text), variables, is_personal, _reader(roots, mark), bool(mark))


def _reader(roots: Sequence[Root], mark: str) -> Callable[[bytes], Any]:
    """Reads what is answered to these roots. `mark`: how the names begin under which `__typename` stands for what an
    older release does not know.
    """
    data = msgspec.defstruct("Data", [(root.name, *root.answered()) for root in roots])
    read = answer_of(
        msgspec.defstruct(
            "Answer", [("data", data | None, None), ("errors", Faults, []), ("extensions", Extensions, Extensions())]
        )
    )
    return (lambda body: read(filled(body, mark))) if mark else read
