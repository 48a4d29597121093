"""One declaration, on the record, reaches the schema that all clients see."""

import pytest
from graphql import (
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    OperationType,
    build_schema,
    find_schema_changes,
    parse,
    print_ast,
    print_schema,
)

from gateway.joint import Joint, Route
from gateway.schema import CannotCompose, compose, for_clients, tenant_part
from tests.gateway.committee import SDL
from tests.gateway.federation import JOINT_SDL


def test_composing_adds_and_strips_nothing() -> None:
    assert tenant_part(JOINT_SDL) == print_ast(parse(SDL)) + "\n"
    assert compose(tenant_part(JOINT_SDL)) == JOINT_SDL == print_ast(parse(JOINT_SDL)) + "\n"


def test_every_field_says_to_whom_it_is_shown_and_what_it_is() -> None:
    seen = 0
    for definition in parse(JOINT_SDL).definitions:
        if isinstance(definition, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            for field in definition.fields or ():
                name = f"{definition.name.value}.{field.name.value}"
                assert [each.name.value for each in field.directives or ()].count("visible") == 1, name
                assert field.description, name
                seen += 1
        elif isinstance(definition, InputObjectTypeDefinitionNode):
            assert not any(field.directives for field in definition.fields or ()), definition.name.value
    assert seen > 100


def test_the_joint_schema_survives_graphql_core() -> None:
    built = build_schema(JOINT_SDL)
    printed = print_schema(built)
    assert not find_schema_changes(built, build_schema(printed))
    assert printed.count("@visible(") < JOINT_SDL.count("@visible(")  # why the file is printed from the syntax tree


def test_each_root_field_has_one_that_answers_it() -> None:
    joint = Joint(JOINT_SDL)
    routes = {name: joint.route(OperationType.QUERY, name) for name in joint.schema.query_type.fields}  # type: ignore[union-attr]
    assert routes == {
        "activities": Route.MERGED, "venues": Route.MERGED, "halls": Route.MERGED, "committee": Route.OWNER,
        "node": Route.OWNER, "nodes": Route.OWNERS, "viewer": Route.HOME, "committees": Route.DIRECTORY,
        "statistics": Route.STATISTICS,
    }  # fmt: skip
    assert joint.route(OperationType.MUTATION, "noteDown") is Route.HOME
    assert joint.route(OperationType.QUERY, "__schema") is Route.SCHEMA
    assert joint.lists["activities"].orders["STARTS_AT_DESC"] == (True, int)
    assert joint.lists["venues"].orders["SORT_KEY_ASC"] == (False, str)


def test_what_is_between_gateways_and_committees_is_in_the_file_and_not_offered() -> None:
    assert "values(" in JOINT_SDL
    assert "values(" not in print_ast(for_clients(JOINT_SDL))


@pytest.mark.parametrize(
    ("change", "about"),
    [
        (("venues(first: Int! = 20): [Venue!]!", "venues: VenueConnection!"), "hangs on Query only"),
        (("node(id: ID!): Node @", "node(name: String): Node @"), "routed by the `id`"),
        (("committee(id: ID!): Committee @", "committee(id: ID!): Committee! @"), "nullable"),
        (("nodes(ids: [ID!]!): [Node]! @", "nodes(ids: [ID!]!): [Node!]! @"), "nor nullable"),
        (("totalCount: Int @", "total: Int @"), "a merged list has"),
        (("values(", "figures("), "statistics are made from it"),
        ((": [Value!]! @internal", ": [Value!]!"), "nor nullable"),
        (("node(id: ID!): Node @", "committees(id: ID!): Node @"), "answers this itself"),
        (("enum Level {", "enum Rank {"), "Level"),
    ],
)
def test_what_no_gateway_can_join_is_not_composed(change: tuple[str, str], about: str) -> None:
    assert change[0] in SDL
    with pytest.raises(CannotCompose, match=about):
        compose(SDL.replace(*change))
