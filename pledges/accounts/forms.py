"""Forms about people: one's own account, and at the desk those of others."""

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pledges.actions import people
from pledges.models import User


def check_address(email: str, person: User) -> str:
    """The address, which nobody else may have: people log in with it. Raises ValidationError."""
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise forms.ValidationError(_("Another account has this address. Give each account one of its own."))
    return email


class AccountForm(forms.ModelForm):
    """What a person decides about the own account; what somebody may do is decided by others."""

    class Meta:
        model = User
        fields = ["byline", "email", "language"]

    def clean_email(self) -> str:
        """See `check_address`."""
        return check_address(self.cleaned_data["email"], self.instance)


def check_username(username: str, person: User) -> str:
    """The user name, which is nobody else's name or address, in whatever case. Raises ValidationError."""
    others = User.objects.exclude(pk=person.pk)
    if others.filter(Q(username__iexact=username) | Q(email__iexact=username)).exists():
        raise forms.ValidationError(_("Another account has this name. Choose another one."))
    return username


class PersonAddForm(forms.ModelForm):
    """A new account: it opens the desk, and has no password before its person has set one."""

    class Meta:
        model = User
        fields = ["username", "email", "byline", "language", "groups"]

    def clean_username(self) -> str:
        """See `check_username`."""
        return check_username(self.cleaned_data["username"], self.instance)

    def clean_email(self) -> str:
        """See `check_address`."""
        return check_address(self.cleaned_data["email"], self.instance)

    def save(self, commit: bool = True) -> User:
        """The account, as staff and with no password."""
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonForm(UserChangeForm):
    """An account at the desk. Superusers alone are given all of its fields (pledges/desk/people/accounts.py)."""

    clean_username = PersonAddForm.clean_username
    clean_email = PersonAddForm.clean_email

    def clean_groups(self) -> QuerySet[Group]:
        """What was chosen, and the groups that were not to be chosen from and stay."""
        chosen = self.cleaned_data["groups"]
        offered = self.fields["groups"].queryset
        kept = self.instance.groups.exclude(pk__in=offered)
        return Group.objects.filter(Q(pk__in=chosen) | Q(pk__in=kept))

    def clean(self) -> dict:
        """Somebody has to be left who can keep accounts (within the transaction of the page)."""
        cleaned = super().clean()
        if {"is_active", "groups"} <= cleaned.keys():
            powers = cleaned.get("is_superuser", self.instance.is_superuser)
            powers = powers or any(group.name == people.KEEPERS for group in cleaned["groups"])
            active = cleaned["is_active"] and cleaned.get("is_staff", self.instance.is_staff)
            people.refuse_without_keeper(person=self.instance, keeps=bool(active and powers))
        return cleaned
