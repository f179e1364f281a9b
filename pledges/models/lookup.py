"""Addresses that editors pasted to see what the watch could read there. Nothing here is public."""

from django.conf import settings
from django.db import models

from pledges.models.messages import MessageField


class AddressLookup(models.Model):
    """An address to be looked at, and the result: the row is the queue. Kept for a day. All times are UTC.

    `found` is the result of `pledges.jobs.source_finder` as JSON, None until then; `progress` is the current step.
    """

    address = models.CharField(max_length=1000)
    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = MessageField(blank=True)
    found = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lookup_done_says_what",
                condition=models.Q(found__isnull=True, done_at__isnull=True)
                | models.Q(found__isnull=False, done_at__isnull=False, claimed_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.address
