"""The way from the desk to the public site: from a row to its page, from a message to the edition, and back."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.models import Edition
from pledges.site.shared.public_addresses import public_address, row_of


def in_edition(words: str, edition: Edition | None) -> SafeString:
    """A message that names an edition as %(number)s, as a link to that edition's public page."""
    address = reverse("edition", args=[edition.number]) if edition else reverse("editions")
    return format_html('<a href="{}">{}</a>', address, words % {"number": edition.number if edition else ""})


class PublicPages(admin.ModelAdmin):
    """A ModelAdmin whose rows have public pages: "View on site" on each row's page and, if asked for, in the list."""

    list_has_public_pages = False  # only where `public_address` costs no query for each row

    def view_on_site(self, row: Model) -> str | None:
        """The address of the row's public page; None if readers see none."""
        return public_address(row) or None

    def get_list_display(self, request: HttpRequest) -> Any:
        """With the public page in the last column."""
        columns = super().get_list_display(request)
        return [*columns, "public_page"] if self.list_has_public_pages else columns

    @admin.display(description=gettext_lazy("on the site"))
    def public_page(self, row: Model) -> str | SafeString:
        """A link to the public page, named for screen readers after its row."""
        address = public_address(row)
        return format_html('<a href="{}" aria-label="{}: {}">↗</a>', address, _("View on site"), row) if address else ""


def desk_page(request: HttpRequest, path: str) -> HttpResponse:
    """Redirect to the desk's page of what a public page is about; to the first page of the desk where it is no row."""
    row = row_of(path)
    shown = admin.site.get_model_admin(type(row)) if row else None
    if row is None or shown is None or not shown.has_view_permission(request, row):
        words = _("The page %(path)s shows nothing that is edited on a page of its own.")
        messages.info(request, words % {"path": f"/{path}"})
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(reverse(f"admin:pledges_{row._meta.model_name}_change", args=[row.pk]))
