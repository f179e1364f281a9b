"""Webhooks: a delivery as a signed POST, as Standard Webhooks has it (https://www.standardwebhooks.com)."""

import json
import re
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from pledges.domain.destinations import BAD_WEBHOOK_ADDRESS, WEBHOOK_ADDRESS, NotSent, sign
from pledges.domain.messages import deferred_message
from pledges.jobs.web import origins
from pledges.models import Delivery, Destination
from pledges.watch.web import client, ssrf_guard

MOST_BYTES = 64_000  # of an answer
GONE = 410


def send(destination: Destination, deliveries: Sequence[Delivery]) -> None:
    """POST the payload of the one delivery, signed with the secret and, while it is valid, with the previous one.

    Only a 2xx is a success; redirects are not followed. Asks nothing of the database. Raises NotSent.
    """
    [delivery] = deliveries
    now = timezone.now()
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    secrets = [destination.secret]
    if destination.previous_secret_until and destination.previous_secret_until > now:
        secrets.append(destination.previous_secret)
    timestamp = int(now.timestamp())
    signature = sign(body, message_id=delivery.message_id, timestamp=timestamp, secrets_in_use=secrets)
    headers = (
        ("Content-Type", "application/json"),
        ("webhook-id", delivery.message_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signature),
    )
    limits = client.Limits(
        max_bytes=MOST_BYTES,
        total_seconds=settings.WEBHOOK_SECONDS,
        connect_seconds=settings.WEBHOOK_SECONDS,
        max_redirects=0,
    )
    try:
        client.post(
            destination.address,
            body,
            user_agent=settings.WATCH_USER_AGENT,
            headers=headers,
            allow_origins=origins(),
            limits=limits,
        )
    except client.FetchError as error:
        raise NotSent(error.sentence, gone=error.status == GONE, retry_after=error.retry_after) from None


def check(address: str) -> str:
    """The address. Raises NotSent if nothing can ever be sent there: it cannot be read, or is on a private network.

    A host name that does not resolve now is let through: that may be mended until something is sent.
    """
    if not re.match(WEBHOOK_ADDRESS, address):
        raise NotSent(BAD_WEBHOOK_ADDRESS)
    try:
        ssrf_guard.resolve(ssrf_guard.take_apart(address), origins())
    except ssrf_guard.BadAddress as error:
        raise NotSent(deferred_message("This address cannot be read: %(reason)s.", reason=error.sentence)) from None
    except ssrf_guard.Blocked as error:
        raise NotSent(deferred_message("This address is not allowed: %(reason)s.", reason=error.sentence)) from None
    except (OSError, UnicodeError):
        pass
    return address
