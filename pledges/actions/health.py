"""The digest to editors: at most one a day, each a row that is locked while it is sent."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from pledges.models import Digest


def keep_digest(*, day: date, text: str) -> bool:
    """Store the digest of a day; False if there is one already."""
    _digest, created = Digest.objects.get_or_create(day=day, defaults={"text": text})
    return created


@transaction.atomic
def send_digest(*, day: date, now: datetime, send: Callable[[str], None]) -> bool:
    """Send the digest of a day; False if there is none, or if it was sent or is being sent.

    Its row is locked meanwhile, so that no two workers send it. If `send` raises, it stays unsent for the next try.
    """
    digest = Digest.objects.select_for_update(skip_locked=True).filter(day=day, sent_at=None).first()
    if digest is None:
        return False
    send(digest.text)
    digest.sent_at = now
    digest.save(update_fields=["sent_at"])
    return True
