"""The newsroom's one row of settings, and its people."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Field
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from pledges.forms import BilingualForm
from pledges.models import Newsroom, User

from .closing import TrackerClosing
from .common import EditionAdmin, language_pairs


@admin.register(Newsroom)
class NewsroomAdmin(TrackerClosing, EditionAdmin):
    """One row: its list leads straight to it."""

    form = BilingualForm
    final_fields = ()
    fields = [
        *language_pairs("name", "about"),
        ("country", "contact_email"),
        "two_person_rule",
        "closed_on",
    ]
    readonly_fields = ["closed_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the first time."""
        return super().has_add_permission(request) and not Newsroom.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Newsroom | None = None) -> bool:
        """Never: the database reads its rules."""
        return False

    def save_model(self, request: HttpRequest, obj: Newsroom, form: ModelForm, change: bool) -> None:
        """The row has the number one."""
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """There is no list, only the row."""
        if self.has_view_permission(request) and (newsroom := Newsroom.objects.first()):
            return HttpResponseRedirect(self.change_url(newsroom))
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:pledges_newsroom_add"))
        return super().changelist_view(request, extra_context)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's own, with the byline. Who may do what is said by groups alone, so that it can be seen at a glance."""

    list_display = ["username", "byline", "email", "is_active", "is_staff", "last_login"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        *UserAdmin.fieldsets[:1],
        (gettext_lazy("Before the public"), {"fields": ["byline"]}),
        UserAdmin.fieldsets[1],
        (UserAdmin.fieldsets[2][0], {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        UserAdmin.fieldsets[3],
    ]
    add_fieldsets = [*UserAdmin.add_fieldsets, (gettext_lazy("Before the public"), {"fields": ["byline"]})]

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest, **kwargs):
        """Check boxes: nobody loses a group by a click without Ctrl."""
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple(), **kwargs)
