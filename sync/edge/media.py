"""Media types and status codes of GraphQL over HTTP."""

from enum import StrEnum

OK, BAD = 200, 400


class Media(StrEnum):
    """What an answer is written as."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"

    @property
    def header(self) -> str:
        return f"{self.value}; charset=utf-8"

    def status(self, told: int) -> int:
        """The status of an answer. In plain JSON a readable request is 200 whatever its document is worth: clients of
        that type look for errors in the body.
        """
        return OK if self is Media.JSON and told == BAD else told


_ANY = {"*/*": Media.JSON, "application/*": Media.JSON}


def accepted(accept: str | None) -> Media | None:
    """What the client likes best of what we write, plain JSON if it does not say; None: nothing we write."""
    if not accept or not accept.strip():
        return Media.JSON
    found: dict[Media, float] = {}
    for each in accept.split(","):
        name, _, parameters = each.strip().lower().partition(";")
        media = _ANY.get(name.strip()) or next((one for one in Media if one.value == name.strip()), None)
        weight = weight_of(parameters)
        if media and weight > found.get(media, 0):
            found[media] = weight
    return max(found, key=lambda media: found[media], default=None)


def is_json(content_type: str | None) -> bool:
    """Whether a body says of itself that it is JSON in UTF-8."""
    name, _, parameters = (content_type or "").lower().partition(";")
    told = dict(each.strip().partition("=")[::2] for each in parameters.split(";") if each.strip())
    return name.strip() == Media.JSON.value and told.get("charset", "utf-8").strip('"') in ("utf-8", "utf8")


def weight_of(parameters: str) -> float:
    """How much a client likes a media type with these parameters; 0: not at all."""
    for each in parameters.split(";"):
        name, _, value = each.strip().partition("=")
        if name == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
