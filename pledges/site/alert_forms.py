"""The form with which a reader asks for an alert."""

import re

from django import forms
from django.core.validators import EmailValidator
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from pledges.models.alert import ADDRESS

MESSAGE = _("Write one e-mail address, such as name@example.org.")


class AlertForm(forms.Form):
    """An e-mail address, and a honeypot: a field that people do not see and programs fill in."""

    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("It is used for this alert and nothing else."),
        error_messages={"required": MESSAGE, "max_length": MESSAGE},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    website = forms.CharField(required=False)

    def clean_email(self) -> str:
        """The address in lower case, with its host in Punycode."""
        typed = self.cleaned_data["email"].lower()
        EmailValidator(message=MESSAGE, allowlist=[])(typed)
        name, _at, host = typed.rpartition("@")
        try:
            email = f"{name}@{punycode(host)}"
        except UnicodeError:
            email = ""
        if len(email) > 254 or not email.isascii() or not re.fullmatch(ADDRESS, email):
            raise forms.ValidationError(MESSAGE)
        return email

    @property
    def is_trap(self) -> bool:
        """Whether a program filled in the honeypot. It gets the same answer as a person, but no alert."""
        return bool(self.cleaned_data.get("website"))
