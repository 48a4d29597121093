"""Whether an answer may differ between two people of one committee, as the schema's `@visible(to:)` says."""

from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, visit

from sync.contract.visibility import Visible

_PERSONAL = {Visible.TENANT.value, Visible.SUBJECT.value}


def is_personal(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Whether anything is selected that is shown within a committee only, or to the person it is about.

    A field that says nothing of its circle, or that is not known, counts as if it were.
    """
    info, found = TypeInfo(schema), False

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            nonlocal found
            of = info.get_field_def()
            found = found or not (node.name.value.startswith("__") or (of and _circle(of.ast_node) not in _PERSONAL))

    visit(document, TypeInfoVisitor(info, Finder()))
    return found


def _circle(field: Any) -> str:
    for directive in (field and field.directives) or ():
        if directive.name.value == "visible":
            circle: str = directive.arguments[0].value.value
            return circle
    return Visible.SUBJECT.value
