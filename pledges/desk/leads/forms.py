"""The forms for deciding about a lead."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.models import Lead


class DismissForm(forms.Form):
    """Why a lead is dismissed."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Lead.DismissReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason for dismissing this lead.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Optional: what the next person should know."),
    )


class SnoozeForm(forms.Form):
    """The day until which a lead is snoozed. The presets are buttons that send a day under the same name."""

    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day that is still to come.")},
    )

    def clean_until(self) -> date:
        """After today, in the newsroom's calendar."""
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


def snooze_presets() -> list[tuple[str | Promise, str]]:
    """The usual days to snooze a lead until, as (label, ISO day)."""
    today = timezone.localdate()
    days = ((gettext_lazy("Tomorrow"), 1), (gettext_lazy("A week"), 7), (gettext_lazy("A month"), 30))
    return [(label, (today + timedelta(days=count)).isoformat()) for label, count in days]
