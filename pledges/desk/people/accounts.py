"""The newsroom's people: who has an account, in which groups.

Publishers keep them, but give nothing that lies beyond the desk's own groups, and nothing to themselves.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Field
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect

from pledges.accounts.forms import PersonAddForm, PersonForm
from pledges.accounts.groups import GROUPS
from pledges.actions import people
from pledges.desk.shared.base import DeskAdmin
from pledges.desk.shared.history import history_of
from pledges.models import Account, User, UserFactor, UserGroup, UserPermission

log = logging.getLogger(__name__)
PUBLIC = gettext_lazy("Before the public")
MAY = gettext_lazy("What this person may do")
DATES = gettext_lazy("Dates")


@admin.register(User)
class PersonAdmin(DeskAdmin, UserAdmin):
    """Django's own, with the byline. Who may do what is said by groups alone, so that it can be seen at a glance."""

    form, add_form = PersonForm, PersonAddForm
    add_form_template = None
    history_parts = (UserGroup, UserPermission, UserFactor, Account)
    list_display = ["username", "byline", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "groups", "is_superuser"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "language"]}),
        (PUBLIC, {"fields": ["byline"]}),
        (MAY, {"fields": ["groups"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        """A superuser's form has the powers beyond the groups; a publisher's does not have them at all."""
        if obj is None:
            return self.add_fieldsets
        mighty = request.user.is_superuser
        return [
            (None, {"fields": ["username", *(["password"] if mighty else [])]}),
            (PUBLIC, {"fields": ["byline"]}),
            (gettext_lazy("Personal info"), {"fields": ["first_name", "last_name", "email", "language"]}),
            (MAY, {"fields": ["is_active", *(["is_staff", "is_superuser"] if mighty else []), "groups"]}),
            (DATES, {"fields": ["last_login", "date_joined"]}),
        ]

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest, **kwargs):
        """Check boxes; whoever is no superuser chooses among the desk's own groups."""
        if db_field.name == "groups":
            groups = Group.objects.order_by("name")
            kwargs["queryset"] = groups if request.user.is_superuser else groups.filter(name__in=GROUPS)
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple(), **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers change superusers, and only they change themselves here: the rest is under "Your account"."""
        if not super().has_change_permission(request, obj):
            return False
        return request.user.is_superuser or obj is None or (not obj.is_superuser and obj.pk != request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: an account is made inactive, so that what its person did keeps a name."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """To type somebody's password is to be able to act as they do: only superusers."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Whoever is made inactive is logged out for good: the old sessions do not come back with the account.

        A new address is told to the old one: a link to set the password would go to the new one alone.
        """
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and form.initial["email"] and settings.EMAIL_HOST:
            former = form.initial["email"]
            transaction.on_commit(lambda: self._tell_former_address(request.user, obj, former))
        if change and not obj.is_active:
            people.end_sessions(person=obj)

    def _tell_former_address(self, by: User, person: User, former: str) -> None:
        with translation.override(person.language):
            text = render_to_string("account/email/address_changed.txt", {"person": person, "by": by})
            subject = _("The address of your account was changed")
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [former])
        except (SMTPException, OSError) as error:
            log.error("The former address of %s was not told of the new one: %s", person, error)

    def own_history_view(self, request: HttpRequest) -> HttpResponse:
        """What was done to one's own account, by oneself and by others: for everybody who may open the desk."""
        pages = Paginator(history_of(User.objects.get(pk=request.user.pk), self.history_parts), 50)
        page = pages.get_page(request.GET.get("page"))
        context = {**self.admin_site.each_context(request), "page": page}
        return TemplateResponse(request, "account/history.html", context)

    def get_urls(self) -> list[URLPattern]:
        """What can be done with an account beside editing it."""
        wrap = self.admin_site.admin_view
        return [
            path("own/", wrap(self.own_history_view), name="pledges_user_own"),
            path("<int:pk>/invite/", wrap(self.invite_view), name="pledges_user_invite"),
            path("<int:pk>/sessions/", wrap(self.sessions_view), name="pledges_user_sessions"),
            path("<int:pk>/factors/", wrap(self.factors_view), name="pledges_user_factors"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, add: bool = False, change: bool = False, form_url: str = "", obj=None
    ) -> HttpResponse:
        """With the buttons, for whom they work."""
        context["may_keep"] = change and self.has_change_permission(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """The next step with a new account is its person's own password."""
        return self._invite(request, obj)

    def _kept(self, request: HttpRequest, pk: int) -> User:
        """The person of a button that was pressed. Raises PermissionDenied."""
        person = self.get_object(request, str(pk))
        if person is None or not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    @method_decorator(csrf_protect)
    def invite_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A link to set a password, by mail or to hand over."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        person = self._kept(request, pk)
        return self._invite(request, person)

    def _invite(self, request: HttpRequest, person: User) -> HttpResponse:
        uid, key = people.make_password_link(person=person)
        link = request.build_absolute_uri(reverse("account_reset_password_from_key", args=[uid, key]))
        problem = ""
        if settings.EMAIL_HOST and person.email:
            with translation.override(person.language):
                words = {"person": person, "link": link, "by": request.user}
                text = render_to_string("account/email/invitation.txt", words)
                subject = _("Your account at the tracker of pledges")
            try:
                send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
            except (SMTPException, OSError) as error:
                problem = str(error)
            else:
                self.message_user(
                    request, _("A link to set a password was sent to %(email)s.") % {"email": person.email}
                )
                return HttpResponseRedirect(self.change_url(person))
        context = {
            **self.admin_site.each_context(request),
            "title": _("A link for %(person)s") % {"person": person},
            "person": person,
            "link": link,
            "problem": problem,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/pledges/user/link.html", context)

    @method_decorator(csrf_protect)
    def sessions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End all sessions of a person."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        person = self._kept(request, pk)
        count = people.end_sessions(person=person)
        told = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count) % {"count": count}
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(person))

    @method_decorator(csrf_protect)
    def factors_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take from a person the second factors that were lost, and end all sessions."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        person = self._kept(request, pk)
        count = people.reset_second_factors(person=person)
        told = ngettext("%(count)d second factor was removed.", "%(count)d second factors were removed.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(person))
