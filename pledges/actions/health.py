"""The digest to editors: at most one a day, claimed by its row."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from pledges.models import Digest


def keep_digest(*, day: date, text: str) -> bool:
    """Keep the digest of a day, where there is none yet; whether it was kept just now."""
    _digest, made = Digest.objects.get_or_create(day=day, defaults={"text": text})
    return made


@transaction.atomic
def send_digest(*, day: date, now: datetime, send: Callable[[str], None]) -> bool:
    """Have the digest of a day sent, if it was kept and not sent yet; whether it was sent just now.

    Its row is held meanwhile, so that no two workers send it. What `send` raises leaves it unsent, for the next try.
    """
    digest = Digest.objects.select_for_update(skip_locked=True).filter(day=day, sent_at=None).first()
    if digest is None:
        return False
    send(digest.text)
    digest.sent_at = now
    digest.save(update_fields=["sent_at"])
    return True
