"""Which kind of root answers a root field of which route."""

from collections.abc import Callable

from gateway.federation.roots.figures import Figures
from gateway.federation.roots.home import Home
from gateway.federation.roots.local import Listing, OfSchema
from gateway.federation.roots.merged import Merged
from gateway.federation.roots.owner import Owner
from gateway.federation.roots.owners import Owners
from gateway.federation.roots.root import Root
from gateway.federation.selecting.operation import Field
from gateway.joint import Route

KINDS: dict[Route, Callable[[Field], Root]] = {
    Route.MERGED: Merged, Route.STATISTICS: Figures, Route.OWNER: Owner, Route.OWNERS: Owners, Route.HOME: Home,
    Route.DIRECTORY: Listing, Route.SCHEMA: OfSchema,
}  # fmt: skip


def root_of(field: Field) -> Root:
    return KINDS[field.route](field)
