"""What an authenticator app shows (RFC 6238), worked out apart from the code that checks it."""

import base64
import hashlib
import hmac
import time

PERIOD = 30


def code_for(secret: str, step: int = 1) -> str:
    """The app's code now (1) or half a minute ago (0): a code is good once."""
    counter = int(time.time()) // PERIOD + step - 1
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8), hashlib.sha1)
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06}"
