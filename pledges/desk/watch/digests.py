"""The daily digests of the watch, whether they were mailed or not."""

from django.contrib import admin

from pledges.desk.shared.base import DeskAdmin, ReadOnly
from pledges.models import Digest


@admin.register(Digest)
class DigestAdmin(ReadOnly, DeskAdmin):
    """A day's message about the sources that need attention."""

    list_display = ["day", "sent_at", "text"]
    fields = ["day", "sent_at", "text"]
