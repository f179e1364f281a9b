"""Accounts and their groups.

Publishers manage them, but can give nothing beyond the desk's own groups, and nothing to themselves.
"""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from pledges.accounts.forms import PersonAddForm, PersonForm
from pledges.accounts.groups import GROUPS
from pledges.accounts.requests import user_of
from pledges.actions import people
from pledges.desk.shared.base import DeskAdmin
from pledges.desk.shared.history import history_of
from pledges.desk.shared.languages import newsroom_of
from pledges.models import Account, User, UserFactor, UserGroup, UserPermission

log = logging.getLogger(__name__)
PUBLIC = gettext_lazy("Before the public")
MAY = gettext_lazy("What this person may do")
DATES = gettext_lazy("Dates")


@admin.register(User)
class PersonAdmin(DeskAdmin, UserAdmin):
    """Django's own admin of users, with the byline. Permissions come from groups only, to be seen at a glance."""

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

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Only a superuser's form has the password, staff and superuser fields."""
        if obj is None:
            return self.add_fieldsets
        is_superuser = request.user.is_superuser
        return [
            (None, {"fields": ["username", *(["password"] if is_superuser else [])]}),
            (PUBLIC, {"fields": ["byline"]}),
            (gettext_lazy("Personal info"), {"fields": ["first_name", "last_name", "email", "language"]}),
            (MAY, {"fields": ["is_active", *(["is_staff", "is_superuser"] if is_superuser else []), "groups"]}),
            (DATES, {"fields": ["last_login", "date_joined"]}),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new person is written to in the newsroom's main language, unless another is chosen."""
        return {"language": newsroom_of(request).main_language, **super().get_changeform_initial_data(request)}

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Check boxes; only superusers see groups other than the desk's own."""
        if db_field.name == "groups":
            groups = Group.objects.order_by("name")
            kwargs["queryset"] = groups if request.user.is_superuser else groups.filter(name__in=GROUPS)
        return super().formfield_for_manytomany(db_field, request, widget=CheckboxSelectMultiple(), **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers change superusers and, here, themselves; others have the page "Your account"."""
        if not super().has_change_permission(request, obj):
            return False
        return request.user.is_superuser or obj is None or (not obj.is_superuser and obj.pk != request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: an account is made inactive instead, so that the record keeps its person's name."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Only for superusers: whoever sets somebody's password can act in their name."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """End the sessions of an account that is made inactive, so that they do not return with the account.

        A change of the e-mail address is reported to the old address, because reset links go to the new one.
        """
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data and form.initial["email"] and settings.EMAIL_HOST:
            former = form.initial["email"]
            transaction.on_commit(lambda: self._notify_former_address(user_of(request), obj, former))
        if change and not obj.is_active:
            people.end_sessions(person=obj)

    def _notify_former_address(self, by: User, person: User, former: str) -> None:
        with translation.override(person.language):
            text = render_to_string("account/email/address_changed.txt", {"person": person, "by": by})
            subject = _("The address of your account was changed")
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [former])
        except (SMTPException, OSError) as error:
            log.error("The former address of %s was not notified of the new one: %s", person, error)

    def own_history_view(self, request: HttpRequest) -> HttpResponse:
        """The changes of the person's own account, by whomever: for everybody who may use the desk."""
        pages = Paginator(history_of(User.objects.get(pk=user_of(request).pk), self.history_parts), 50)
        page = pages.get_page(request.GET.get("page"))
        context = {**self.admin_site.each_context(request), "page": page}
        return TemplateResponse(request, "account/history.html", context)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("own/", wrap(self.own_history_view), name="pledges_user_own"),
            path("<int:pk>/invite/", wrap(self.invite_view), name="pledges_user_invite"),
            path("<int:pk>/sessions/", wrap(self.sessions_view), name="pledges_user_sessions"),
            path("<int:pk>/factors/", wrap(self.factors_view), name="pledges_user_factors"),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """With the buttons, for people who may change this account."""
        context["may_keep"] = change and self.has_change_permission(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """Go on to the link with which the person sets a password."""
        return self._invite(request, obj)

    def _changeable(self, request: HttpRequest, pk: int) -> User:
        """The account of a button. Raises PermissionDenied if there is none or this person may not change it."""
        person = self.get_object(request, str(pk))
        if person is None or not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    @method_decorator(require_POST)
    def invite_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a link to set a password: mail it, or show it to be handed over."""
        return self._invite(request, self._changeable(request, pk))

    def _invite(self, request: HttpRequest, person: User) -> HttpResponse:
        uid, key = people.make_password_link(person=person)
        link = request.build_absolute_uri(reverse("account_reset_password_from_key", args=[uid, key]))
        problem = ""
        if settings.EMAIL_HOST and person.email:
            with translation.override(person.language):
                context = {"person": person, "link": link, "by": request.user}
                text = render_to_string("account/email/invitation.txt", context)
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

    @method_decorator(require_POST)
    def sessions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End all sessions of a person."""
        person = self._changeable(request, pk)
        count = people.end_sessions(person=person)
        words = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(person))

    @method_decorator(require_POST)
    def factors_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove all second factors of a person who has lost them, and end all sessions."""
        person = self._changeable(request, pk)
        count = people.reset_second_factors(person=person)
        words = ngettext("%(count)d second factor was removed.", "%(count)d second factors were removed.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(person))
