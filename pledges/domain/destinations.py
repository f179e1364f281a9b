"""Destinations: what may be shown of an address, secrets and signatures as Standard Webhooks has them."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from pledges.domain.messages import DeferredMessage, UserFacingError, deferred_message

SECRET_PREFIX = "whsec_"
SECRET = r"^whsec_[A-Za-z0-9+/]{32,88}={0,2}$"
MESSAGE_ID = r"^msg_[A-Za-z0-9]{24,40}$"
# TLS, except to hosts that are not on the internet: they have to be among WATCH_ALLOWED_ORIGINS besides.
WEBHOOK_ADDRESS = (
    r"^(https://[^/?#@\s]+"
    r"|http://([a-z][a-z0-9-]*|127(\.[0-9]+){3}|10(\.[0-9]+){3}|192\.168(\.[0-9]+){2}"
    r"|172\.(1[6-9]|2[0-9]|3[01])(\.[0-9]+){2}|\[::1\])(:[0-9]+)?)([/?][^\s#]*)?$"
)
BAD_WEBHOOK_ADDRESS = deferred_message("The address begins with https:// and has no user name, password or “#”.")
_SECRET_BYTES = 32
_SCHEME = re.compile(r"[a-z0-9+.-]+", re.IGNORECASE)


def new_secret() -> str:
    """A fresh signing secret: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def secret_bytes(secret: str) -> bytes:
    """The key of a `whsec_…` secret. Raises ValueError if it is not base64."""
    return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)


def new_message_id() -> str:
    """A fresh id of a message, the same at every attempt to send it."""
    return f"msg_{secrets.token_hex(16)}"


def masked_address(address: str) -> str:
    """What may be shown of an address that holds secrets.

    For http(s) the scheme, host and port. For any other scheme, such as those of Apprise, only the scheme: their hosts
    and paths are often tokens.
    """
    scheme = address.partition("://")[0]
    if not _SCHEME.fullmatch(scheme):
        return "…"
    if scheme not in ("http", "https"):
        return f"{scheme}://…"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{scheme}://…"
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}{f':{port}' if port else ''}/…"


class NotSent(UserFacingError):
    """A destination did not take a message; `sentence` says why, without its address or secrets.

    `gone` is whether it said that it is gone for good, `retry_after` the seconds after which it may be tried again.
    """

    def __init__(self, sentence: DeferredMessage | str, *, gone: bool = False, retry_after: float | None = None):
        super().__init__(sentence)
        self.gone = gone
        self.retry_after = retry_after


def sign(body: bytes, *, message_id: str, timestamp: int, secrets_in_use: Iterable[str]) -> str:
    """The header webhook-signature of Standard Webhooks: an HMAC-SHA256 with each of the secrets.

    `timestamp` is in seconds since 1970 (UTC), as the header webhook-timestamp has it.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.new(secret_bytes(secret), signed, hashlib.sha256).digest() for secret in secrets_in_use)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)
