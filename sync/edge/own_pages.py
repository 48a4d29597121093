"""Whose page sent a request: a browser carries its cookies to us whoever's page asks it to."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers


def is_foreign(headers: Headers, *own: str, carries_cookie: bool) -> bool:
    """Whether this may be another site's page making use of a browser.

    Browsers say where a request comes from (Sec-Fetch-Site; over plain HTTP to another machine only Origin). Who says
    nothing is no browser, and may pass unless it carries the cookie of one. A bearer token is never sent by itself.

    Args:
        own: Hosts, with their ports, that are ours besides the one that the request names.
    """
    if "authorization" in headers:
        return False
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is not None:
        return urlsplit(origin).netloc not in (headers.get("host"), *own)
    return carries_cookie


def is_led_here(headers: Headers, *own: str) -> bool:
    """Whether another site's page leads a browser here: by a link, an image, a form that is sent by GET. Who types an
    address, and a program, says nothing of the kind.

    Args:
        own: Hosts, with their ports, that are ours besides the one that the request names.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    said = headers.get("origin") or headers.get("referer")
    return said is not None and urlsplit(said).netloc not in (headers.get("host"), *own)
