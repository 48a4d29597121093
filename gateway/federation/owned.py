"""What one committee alone can answer: its own answer; or, while it is silent, the copy at the caller's home."""

from gateway.federation.merge import passed_on
from gateway.federation.parts import STALE
from gateway.federation.roots import Root
from gateway.federation.sources import Answers, is_stale
from gateway.federation.written import StandIn, Written, away


def owned(root: Root, number: int, owner: str, id: str | None, answers: Answers) -> Written:
    """What its owner says, of the record with this id where it is about one. A copy in its place says so in
    `stand_ins`; where home has none, the place says who is away: whether it is not there or was not shared, only its
    owner could say.
    """
    name = f"r{number}"
    for _, said in answers.copies.get(number, ()):
        if said.data is not None and is_stale(said, owner):
            copy = passed_on(root, name, owner, said, id)
            if copy.json != b"null":
                copy.stand_ins.append(StandIn([root.key], owner, said.copies[owner].as_of))
            elif not copy.errors:
                copy.errors.append(away([root.key], owner, STALE))
            return copy
    return passed_on(root, name, owner, answers.live[owner], id)
