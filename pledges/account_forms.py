"""Forms about people: one's own account, and at the desk those of others."""

from django import forms
from django.utils.translation import gettext as _

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
