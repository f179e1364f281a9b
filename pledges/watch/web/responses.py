"""Requests, responses and errors of the HTTP client, as plain values."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pledges.domain.messages import DeferredMessage, UserFacingError, deferred_message
from pledges.watch.web import decompression

_REFUSALS = {
    401: deferred_message("The receiver asks for a login (401): check the address."),
    403: deferred_message("The receiver refuses us (403): check the address."),
    404: deferred_message("There is no receiver at this address (404): check whether it has moved."),
    410: deferred_message("The receiver answers that it is gone for good (410)."),
    413: deferred_message("The receiver finds this too large (413)."),
    429: deferred_message("The receiver asks us to come less often (429)."),
}
_NO_PAGE = frozenset({204, 205, 206, 226})  # empty or partial responses


@dataclass(frozen=True)
class Limits:
    """Caps on one fetch. Bytes count both before and after decompression; `total_seconds` includes all redirects."""

    max_bytes: int = 5_000_000
    total_seconds: float = 30
    connect_seconds: float = 10
    max_redirects: int = 5


DEFAULT = Limits()


@dataclass(frozen=True)
class Request:
    """What to GET; `tag` belongs to the caller, who gets the request back with the answer.

    With a `body` it is a POST with these `headers`: redirects are not followed, any 2xx is a success, and the answer's
    body is dropped.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    limits: Limits | None = None
    tag: Any = None
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fetched:
    """A successful response. Header names are in lower case; `content_type` is the whole header with its charset.

    `permanent_url` is the address after redirects that were all permanent, or "".
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    not_modified: bool
    permanent_url: str


class FetchError(UserFacingError):
    """There is no usable response. `sentence` is for an editor; `retry_after` is in seconds.

    `reason` is one of bad_address, blocked, unreachable, timeout, http_status, too_large, bad_encoding and
    too_many_redirects; callers add "robots" (disallowed) and "robots_away" (robots.txt cannot be read).
    """

    def __init__(
        self,
        reason: str,
        sentence: DeferredMessage | str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ):
        super().__init__(sentence)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after


def check_response(
    *, request: Request, limits: Limits, status: int, headers: dict[str, str], body: bytes, url: str, permanent: bool
) -> Fetched:
    """The response for the caller; `url` is where it came from, `permanent` is whether all redirects were permanent.

    Raises FetchError for HTTP errors, responses without a page, and bodies that cannot be decompressed.
    """
    not_modified = status == 304 and (request.etag or request.last_modified)
    if (status >= 300 and not not_modified) or status < 200 or status in _NO_PAGE:
        raise not_an_answer(status, headers)
    try:
        body = decompression.unpack(body, headers.get("content-encoding", ""), limits.max_bytes)
    except decompression.Damaged as error:
        raise FetchError("bad_encoding", error.sentence) from error
    except decompression.Oversized as error:
        raise too_large(limits) from error
    return Fetched(
        url=url,
        status=status,
        headers=headers,
        body=body,
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        not_modified=status == 304,
        permanent_url=url if permanent and url != request.url else "",
    )


def check_receipt(*, request: Request, status: int, headers: dict[str, str]) -> Fetched:
    """The answer to a POST, without its body. Raises FetchError unless its status is a 2xx."""
    if not 200 <= status < 300:
        raise FetchError("http_status", _refusal(status), status=status, retry_after=_retry_after(headers))
    return Fetched(request.url, status, headers, b"", headers.get("content-type", ""), "", "", False, "")


def _refusal(status: int) -> DeferredMessage:
    if 300 <= status < 400:
        return deferred_message(
            "The receiver redirects (%(status)s), which is not followed: enter the address to which it leads.",
            status=status,
        )
    return _REFUSALS.get(status) or deferred_message("The receiver answers with the error %(status)s.", status=status)


def not_an_answer(status: int, headers: dict[str, str] | None = None) -> FetchError:
    """The error for a status without a page."""
    return FetchError("http_status", _status_sentence(status), status=status, retry_after=_retry_after(headers or {}))


def too_slow(host: str, limits: Limits) -> FetchError:
    """The error for a response that takes too long."""
    message = deferred_message(
        "%(host)s did not answer fully within %(seconds)s s; it is tried again later.",
        host=host,
        seconds=limits.total_seconds,
    )
    return FetchError("timeout", message)


def too_large(limits: Limits) -> FetchError:
    """The error for a response above the cap."""
    message = deferred_message(
        "The answer is larger than %(megabytes)s MB, more than we read.", megabytes=limits.max_bytes / 1e6
    )
    return FetchError("too_large", message)


def _status_sentence(status: int) -> DeferredMessage:
    sentences = {
        204: deferred_message("The site answers that there is nothing to show here (204): check the address."),
        205: deferred_message("The site answers that there is nothing to show here (205): check the address."),
        206: deferred_message(
            "The site sends only a part, which we did not ask for (206): ask its owner to mend that."
        ),
        226: deferred_message(
            "The site sends only a part, which we did not ask for (226): ask its owner to mend that."
        ),
        304: deferred_message("The site answers “not modified” (304) to a first visit: ask its owner to mend that."),
        401: deferred_message("The site asks for a login (401): use a public address."),
        403: deferred_message("The site refuses us (403): ask its owner to let our reader in, or use another address."),
        404: deferred_message("There is nothing at this address (404): check whether it has moved."),
        410: deferred_message("The site says that this page is gone for good (410): remove the address."),
        429: deferred_message("The site asks us to come less often (429)."),
    }
    if status in sentences:
        return sentences[status]
    if status < 200:
        return deferred_message(
            "The site sends an interim answer (%(status)s) and no page: ask its owner to mend that.", status=status
        )
    if status in (301, 302, 303, 307, 308):
        return deferred_message(
            "The site sends us on (%(status)s) and does not say where: open it in a browser.", status=status
        )
    if status >= 500:
        return deferred_message(
            "The site has an error of its own (%(status)s); it is tried again later.", status=status
        )
    return deferred_message(
        "The site answers with the error %(status)s: open the address in a browser to see what is wrong.", status=status
    )


def _retry_after(headers: dict[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
