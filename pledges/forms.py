"""The desk's forms: what can be checked before an action is asked."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.models import CRITERIA, Lead, Pledge, Update, Wording
from pledges.models.base import LANGUAGES

OTHER_LANGUAGE = {
    "en": gettext_lazy("Not written yet: readers of English see the Spanish."),
    "es": gettext_lazy("Not written yet: readers of Spanish see the English."),
}


class BilingualForm(forms.ModelForm):
    """A form whose fields end in _en and _es: each says its language, and one left empty beside a full one says so."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            base, _underscore, language = name.rpartition("_")
            if language not in LANGUAGES or not base:
                continue
            field.widget.attrs["lang"] = language
            other = f"{base}_{'es' if language == 'en' else 'en'}"
            if other in self.fields and self[other].value() and not self[name].value():
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} not-written".strip()
                field.help_text = self[name].help_text = OTHER_LANGUAGE[language]


class DraftForm(BilingualForm):
    """A draft on its way to publication. It checks the rows' own rules and that nobody else saved meanwhile.

    The page sends along, as `seen`, when the row it shows was last saved (`version`).
    """

    @property
    def version(self) -> str:
        """When the row was last saved; "" for a new one."""
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def clean(self) -> dict:
        """Refuse to save over somebody else's work unseen. Saving a second time does, knowingly."""
        if self.version and self.data.get("seen", self.version) != self.version:
            raise forms.ValidationError(
                _(
                    "Somebody else has saved this since you opened it. What you typed stands below and is not saved; "
                    "History shows what they changed. Save again to put yours in its place."
                )
            )
        return super().clean()

    def _get_validation_exclusions(self) -> set[str]:
        # The rules between a field and the row's state are checked here as well, not only by the database.
        return super()._get_validation_exclusions() - {"state", "corrects", "number"}


class UpdateForm(DraftForm):
    """An update's draft."""

    class Meta:
        model = Update
        fields = [
            *("pledge", "happened_on", "happened_precision", "status", "failure_reason"),
            *("reason_detail_en", "reason_detail_es", "text_en", "text_es"),
            *("correction_note_en", "correction_note_es"),
        ]
        widgets = {
            **{f"text_{code}": forms.Textarea(attrs={"rows": 5}) for code in LANGUAGES},
            **{f"correction_note_{code}": forms.Textarea(attrs={"rows": 3}) for code in LANGUAGES},
        }

    def clean_happened_on(self) -> date:
        """An update tells what has happened."""
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("An update tells what has happened: its day is in the future."))
        return day


class WordingForm(DraftForm):
    """A wording's draft."""

    class Meta:
        model = Wording
        fields = [
            *(f"{name}_{code}" for name in ("title", "statement", *CRITERIA) for code in LANGUAGES),
            *("quote", "quote_language", "deadline", "deadline_precision"),
            *(f"{name}_{code}" for name in ("deadline_note", "change_note") for code in LANGUAGES),
        ]
        widgets = {
            f"{name}_{code}": forms.Textarea(attrs={"rows": 3})
            for name in ("statement", *CRITERIA, "deadline_note", "change_note")
            for code in LANGUAGES
        } | {"quote": forms.Textarea(attrs={"rows": 2})}


class PledgeForm(BilingualForm):
    """What a pledge has beside its wording."""

    class Meta:
        model = Pledge
        fields = [
            *("slug", "mandate", "carried_into", "made_on", "made_on_precision", "source_document", "topics"),
            *("institutions", "headline", "review_interval_days", "also_called_en", "also_called_es"),
        ]


class DismissForm(forms.Form):
    """Why a lead leads nowhere."""

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
    """Until when a lead is put away; the presets are buttons that send a day under the same name."""

    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day that is still to come.")},
    )

    def clean_until(self) -> date:
        """A day that is to come, in the newsroom's calendar."""
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return day


def snooze_presets() -> list[tuple[object, str]]:
    """The usual days to put a lead away for, as (label, ISO day)."""
    today = timezone.localdate()
    days = ((gettext_lazy("Tomorrow"), 1), (gettext_lazy("A week"), 7), (gettext_lazy("A month"), 30))
    return [(label, (today + timedelta(days=count)).isoformat()) for label, count in days]
