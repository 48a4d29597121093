"""The joined schema is inside every wheel, as gateway/schema.graphql.

In a checkout it lies at the top, where clients look for it, and an editable install reads it there: a copy made at
install time would go stale. So readers try gateway/schema.graphql first, then the file beside the packages.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SchemaIntoTheGateway(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"]["schema.graphql"] = "gateway/schema.graphql"
