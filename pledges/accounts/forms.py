"""Forms of accounts: the person's own, and at the desk those of others."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pledges.actions import broker, people
from pledges.models import User


def check_address(email: str, person: User) -> str:
    """The e-mail address. Raises ValidationError if another account has it: people log in with it."""
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise forms.ValidationError(_("Another account has this address. Give each account one of its own."))
    return email


class AccountForm(forms.ModelForm):
    """What people set in their own account. What they may do is set by others, at the desk."""

    class Meta:
        model = User
        fields = ["byline", "email", "language"]

    def clean_email(self) -> str:
        return check_address(self.cleaned_data["email"], self.instance)


class NameLoginForm(LoginForm):
    """allauth's, with a label that says what is asked for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = _("User name or e-mail address")


class NotSent(Exception):
    """The broker does not take a request for a link to set the password."""


class ForgottenPasswordForm(ResetPasswordForm):
    """A worker sends the link: whether an account has the address does not show in the time of the answer."""

    def clean_email(self) -> str:
        return self.cleaned_data["email"]

    def save(self, request: HttpRequest, **_options: object) -> str:
        """Have the link sent, if there is an account. Raises `NotSent`."""
        email = self.cleaned_data["email"]
        accounts = list(User.objects.filter(email__iexact=email, is_active=True).values_list("pk", flat=True))
        address, site = get_adapter().get_client_ip(request), request.build_absolute_uri("/")
        if not broker.enqueue_for_stranger("send_reset_links", accounts, address, site, {"url": request.path}):
            raise NotSent
        return email


def check_username(username: str, person: User) -> str:
    """The user name. Raises ValidationError if it is another account's name or address, whatever the case."""
    others = User.objects.exclude(pk=person.pk)
    if others.filter(Q(username__iexact=username) | Q(email__iexact=username)).exists():
        raise forms.ValidationError(_("Another account has this name. Choose another one."))
    return username


class PersonAddForm(forms.ModelForm):
    """A new account: staff, and without a password until its person sets one."""

    class Meta:
        model = User
        fields = ["username", "email", "byline", "language", "groups"]

    def clean_username(self) -> str:
        return check_username(self.cleaned_data["username"], self.instance)

    def clean_email(self) -> str:
        return check_address(self.cleaned_data["email"], self.instance)

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonForm(UserChangeForm):
    """An existing account. Only superusers get all of its fields (pledges/desk/people/accounts.py)."""

    clean_username = PersonAddForm.clean_username
    clean_email = PersonAddForm.clean_email

    def clean_groups(self) -> QuerySet[Group]:
        """The chosen groups, and those of the person that the form does not offer."""
        offered = cast(forms.ModelMultipleChoiceField, self.fields["groups"]).queryset
        kept = self.instance.groups.exclude(pk__in=offered)
        return Group.objects.filter(Q(pk__in=self.cleaned_data["groups"]) | Q(pk__in=kept))

    def clean(self) -> dict:
        """Refuse a change that leaves nobody who can manage accounts (checked in the transaction of the page)."""
        super().clean()
        cleaned = self.cleaned_data
        if {"is_active", "groups"} <= cleaned.keys():
            may_manage = cleaned.get("is_superuser", self.instance.is_superuser)
            may_manage = may_manage or any(group.name == people.KEEPERS for group in cleaned["groups"])
            active = cleaned["is_active"] and cleaned.get("is_staff", self.instance.is_staff)
            people.refuse_without_keeper(person=self.instance, keeps=bool(active and may_manage))
        return cleaned
