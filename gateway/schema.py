"""The joint schema: what a committee serves, and what only the gateway adds.

Everything here works on the SDL's syntax tree and never prints a GraphQLSchema: graphql-core keeps the directives that
were applied to a field only in `ast_node`, and its `print_schema` leaves them out.

What a committee's root fields say about themselves:
    @merge(by:)       many committees answer it together, in the order that this argument names
    @home             the caller's own committee answers it, as it does every mutation
    @internal         gateways ask it to make an answer of their own; clients are not offered it
    @searched         (on an argument) words that are looked for, refused here where each committee would refuse them
    @since(version:)  committees of an older release do not know it: theirs is OUTDATED, or null
    nothing           it is nullable, and the owner of the `id` it names answers it; or it is a list of nullable
                      things, one for each of the `ids` it names, and each owner answers for its own
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    TypeNode,
    build_schema,
    parse,
    print_ast,
)

ADDITIONS = Path(__file__).with_name("additions.graphql")
LIST_FIELDS = {"nodes", "edges", "cursors"}
MERGED_FIELDS = LIST_FIELDS | {"pageInfo", "totalCount"}
CHANGES = "recordChanged"
"""The subscription that a gateway narrows to some committees."""
VALUES = "values"
"""The internal root field that `statistics` is made from."""


class CannotCompose(Exception):
    """The committees' schema asks for something that no gateway can join."""


def compose(tenant_sdl: str) -> str:
    """The joint schema's SDL: the committees' own, nothing left out, and the gateway's additions marked `@gateway`.

    Raises:
        CannotCompose: a root field can be neither merged nor routed, or clashes with one of the gateway's own.
    """
    additions = {_name(each): each for each in parse(ADDITIONS.read_text(encoding="utf-8")).definitions}
    listed, fanout = additions.pop("Template").fields  # type: ignore[attr-defined]
    own: Any = additions.pop("Query")
    heard: Any = additions.pop("Subscription")
    at = next(each for each in listed.arguments if _name(each) == "at")
    definitions = {_name(each): each for each in parse(tenant_sdl).definitions}
    query: Any = definitions["Query"]
    merged = {_type_name(field.type) for field in query.fields if marked(field, "merge")}
    _check(definitions, query, own, merged)
    definitions["Query"] = _with(
        query, fields=[
            *(
                _with(field, arguments=[*(field.arguments or ()), *listed.arguments])
                if marked(field, "merge") else field
                for field in query.fields
            ),
            *own.fields,
        ],
    )  # fmt: skip
    listened: Any = definitions.get("Subscription")
    if listened is not None:
        fields = [
            _with(field, arguments=[*(field.arguments or ()), at]) if _name(field) == CHANGES else field
            for field in listened.fields
        ]
        definitions["Subscription"] = _with(listened, fields=[*fields, *heard.fields])
    for name in merged:
        connection: Any = definitions[name]
        definitions[name] = _with(connection, fields=[*connection.fields, fanout])
    joint = print_ast(DocumentNode(definitions=(*definitions.values(), *additions.values()))) + "\n"
    try:
        build_schema(joint)
    except TypeError as error:
        raise CannotCompose(str(error)) from None
    return joint


def tenant_part(joint_sdl: str) -> str:
    """What a committee serves of the joint schema: `compose` undone."""

    def kept(nodes: Any) -> list[Any]:
        return [each for each in nodes or () if not marked(each, "gateway") and _name(each) != "gateway"]

    definitions = []
    for definition in kept(parse(joint_sdl).definitions):
        if isinstance(definition, ObjectTypeDefinitionNode):
            fields = [_with(field, arguments=kept(field.arguments)) for field in kept(definition.fields)]
            definitions.append(_with(definition, fields=fields))
        else:
            definitions.append(definition)
    return print_ast(DocumentNode(definitions=tuple(definitions))) + "\n"


def joint_sdl() -> str:
    """The joint schema that this release was made with: inside the wheel, or at the top of a checkout.

    Raises:
        FileNotFoundError: neither is there; `liandong schema compose` writes it.
    """
    here = Path(__file__).with_name("schema.graphql")
    found = here if here.exists() else Path(__file__).resolve().parents[1] / "schema.graphql"
    return found.read_text(encoding="utf-8")


def for_clients(joint_sdl: str) -> DocumentNode:
    """The joint schema without what is between gateways and committees alone."""
    definitions = []
    for definition in parse(joint_sdl).definitions:
        if isinstance(definition, ObjectTypeDefinitionNode) and _name(definition) == "Query":
            offered = [field for field in definition.fields or () if not marked(field, "internal")]
            definitions.append(_with(definition, fields=offered))
        else:
            definitions.append(definition)
    return DocumentNode(definitions=tuple(definitions))


def marked(node: Any, directive: str) -> bool:
    return any(each.name.value == directive for each in node.directives or ())


def _check(definitions: dict[str, Any], query: Any, own: ObjectTypeExtensionNode, merged: set[str]) -> None:
    """Raises: CannotCompose."""
    ours = {field.name.value for field in own.fields or ()}
    for field in query.fields:
        if field.name.value in ours:
            raise CannotCompose(f"Query.{field.name.value}: the gateway answers this itself")
        _check_root(field, definitions)
    if not any(field.name.value == VALUES and marked(field, "internal") for field in query.fields):
        raise CannotCompose(f"Query.{VALUES} @internal is missing: statistics are made from it")
    for definition in definitions.values():
        for field in getattr(definition, "fields", None) or ():
            if definition is not query and marked(field, "since") and isinstance(field.type, NonNullTypeNode):
                raise CannotCompose(f"{_name(definition)}.{field.name.value}: older committees answer null, it may not")
            if definition is not query and _type_name(field.type) in merged:
                raise CannotCompose(f"{_name(definition)}.{field.name.value}: a merged list hangs on Query only")


def _check_root(field: FieldDefinitionNode, definitions: dict[str, Any]) -> None:
    name = field.name.value
    if marked(field, "merge"):
        unknown = {each.name.value for each in definitions[_type_name(field.type)].fields} ^ MERGED_FIELDS
        if unknown:
            raise CannotCompose(f"Query.{name}: a merged list has {sorted(MERGED_FIELDS)}, not {sorted(unknown)}")
    elif not (marked(field, "home") or marked(field, "internal") or _is_routed(field)):
        raise CannotCompose(f"Query.{name}: neither @merge nor @home, nor nullable and routed by the `id` it names")


def _is_routed(field: FieldDefinitionNode) -> bool:
    """Whether its arguments name whose it is, and what is away can be null."""
    named = {each.name.value for each in field.arguments or ()}
    if "ids" in named:
        whole = field.type
        return (
            isinstance(whole, NonNullTypeNode)
            and isinstance(whole.type, ListTypeNode)
            and (not isinstance(whole.type.type, NonNullTypeNode))
        )
    return "id" in named and not isinstance(field.type, NonNullTypeNode)


def _with(node: Any, **changed: Any) -> Any:
    """A copy: graphql-core 3.3's nodes are frozen."""
    return replace(node, **{name: tuple(value) for name, value in changed.items()})


def _name(definition: Any) -> str:
    return definition.name.value  # type: ignore[no-any-return]


def _type_name(node: TypeNode) -> str:
    while isinstance(node, NonNullTypeNode | ListTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value
