"""The digests of the watch, as they were sent or would have been."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from pledges.models import Digest

from .common import DeskAdmin, ReadOnly


@admin.register(Digest)
class DigestAdmin(ReadOnly, DeskAdmin):
    """A day's message about the sources that need a hand."""

    list_display = ["day", "sent_at", "lines"]
    fields = ["day", "sent_at", "text"]

    @admin.display(description=gettext_lazy("sources named"))
    def lines(self, digest: Digest) -> int:
        """How many sources it names, a line each."""
        return len(digest.text.splitlines())
