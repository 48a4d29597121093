"""What one committee answers, passed on as it is. The kinds of it are `owner` and `home`."""

from gateway.federation.address import Standpoint
from gateway.federation.answering.owned import owned
from gateway.federation.answering.parts import Replies
from gateway.federation.answering.pieces import Piece
from gateway.federation.refused import shown
from gateway.federation.roots.root import AskedRoot, Root
from gateway.federation.selecting.operation import Field


class PassedOn(Root):
    """The question is as the client wrote it."""

    is_one_record = False
    """Whether it is about the one that `id` names, and says whose it is."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.question = field.asking(field.lift())
        self.cost = field.cost(field.definition, field.node)
        self._shape = field.shape(field.type, field.node)

    def written(self, asked: AskedRoot, replies: Replies, standpoint: Standpoint) -> Piece:
        if asked.address.refusal:
            return Piece(b"null", [shown(asked.address.refusal) | {"path": [self.key]}])
        id = asked.address.arguments["id"] if self.is_one_record else None
        for of in asked.address.live:
            return owned(self.key, self.name, self._shape, of, id, replies)
        return Piece(b"null")
