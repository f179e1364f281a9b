"""The newsroom's settings, a table of one row."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from pledges.desk.reference.closing import TrackerClosing
from pledges.desk.reference.look import NewsroomForm
from pledges.desk.shared.base import EditionAdmin, language_pairs
from pledges.models import Newsroom


@admin.register(Newsroom)
class NewsroomAdmin(TrackerClosing, EditionAdmin):
    form = NewsroomForm
    final_fields = ()
    fields = [
        ("language", "one_language"),
        *language_pairs("name", "about"),
        ("country", "contact_email"),
        ("data_licence", "data_licence_url"),
        ("accent", "logo_file"),
        "two_person_rule",
        "closed_on",
    ]
    readonly_fields = ["closed_on"]

    def get_fields(self, request: HttpRequest, obj: Newsroom | None = None) -> list:
        """With a box to remove the logo where there is one."""
        fields = list(super().get_fields(request, obj))
        if obj and obj.logo_id:
            fields[fields.index(("accent", "logo_file"))] = ("accent", "logo_file", "without_logo")
        return fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        """A new newsroom's main language is that in which the person sees the desk."""
        return {"language": get_language(), **super().get_changeform_initial_data(request)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only while there is no row."""
        return super().has_add_permission(request) and not Newsroom.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Newsroom | None = None) -> bool:
        """Never: triggers read the row."""
        return False

    def save_model(self, request: HttpRequest, obj: Newsroom, form: NewsroomForm, change: bool) -> None:
        obj.pk = 1
        form.keep_logo()
        super().save_model(request, obj, form, change)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Redirect to the row."""
        if self.has_view_permission(request) and (newsroom := Newsroom.objects.first()):
            return HttpResponseRedirect(self.change_url(newsroom))
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:pledges_newsroom_add"))
        return super().changelist_view(request, extra_context)
