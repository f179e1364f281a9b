"""The newsroom's settings, a table of one row."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from pledges.desk.reference.closing import TrackerClosing
from pledges.desk.shared.base import EditionAdmin, language_pairs
from pledges.desk.shared.forms import BilingualForm
from pledges.models import Newsroom


@admin.register(Newsroom)
class NewsroomAdmin(TrackerClosing, EditionAdmin):
    form = BilingualForm
    final_fields = ()
    fields = [
        ("language", "one_language"),
        *language_pairs("name", "about"),
        ("country", "contact_email"),
        ("data_licence", "data_licence_url"),
        "two_person_rule",
        "closed_on",
    ]
    readonly_fields = ["closed_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is no row."""
        return super().has_add_permission(request) and not Newsroom.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Newsroom | None = None) -> bool:
        """Never: triggers read the row."""
        return False

    def save_model(self, request: HttpRequest, obj: Newsroom, form: ModelForm, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Redirect to the row."""
        if self.has_view_permission(request) and (newsroom := Newsroom.objects.first()):
            return HttpResponseRedirect(self.change_url(newsroom))
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:pledges_newsroom_add"))
        return super().changelist_view(request, extra_context)
