"""The digests of the watch, as they were sent or would have been."""

from django.contrib import admin

from pledges.desk.shared.base import DeskAdmin, ReadOnly
from pledges.models import Digest


@admin.register(Digest)
class DigestAdmin(ReadOnly, DeskAdmin):
    """A day's message about the sources that need a hand."""

    list_display = ["day", "sent_at", "text"]
    fields = ["day", "sent_at", "text"]
