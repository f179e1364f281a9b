"""The forms of pledges and of what is drafted, reviewed and published."""

from datetime import MAXYEAR, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.addresses import AddressedForm
from pledges.desk.shared.forms import BilingualForm, shown_value
from pledges.domain.languages import LANGUAGES
from pledges.models import (
    CRITERIA,
    FAILURE_LABELS,
    Pledge,
    PledgeCorrection,
    Retraction,
    Update,
    Withdrawal,
    Wording,
)
from pledges.queries.diffs import Clash, clashes, version_at
from pledges.site.definitions import FAILURES


class DraftForm(BilingualForm):
    """The form of a draft: the model's rules, and optimistic locking.

    The page sends as `seen` the time at which the row that it shows was last saved (`version`).
    """

    @property
    def version(self) -> str:
        """When the row was last saved, in ISO 8601; "" for a new one."""
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clashes: list[Clash] = []
        if self.is_bound and self.instance.pk:
            self.data = self._with_choices(self.data)

    def _with_choices(self, data: Any) -> Any:
        """The form's data, with the stored value where the person chose "theirs" in a clash (see `clashes`)."""
        taken = [name for name in self.fields if data.get(f"take-{self.add_prefix(name)}") == "theirs"]
        if not taken:
            return data
        data = data.copy()
        for name in taken:
            value = self.get_initial_for_field(self.fields[name], name)
            data[self.add_prefix(name)] = "" if value is None else str(value)
        return data

    def clean(self) -> dict:
        """Refuse to overwrite what somebody else saved meanwhile: `clashes` then holds both versions by field."""
        if self.version and self.data.get("seen", self.version) != self.version:
            self.clashes = self._find_clashes()
            raise forms.ValidationError(
                _(
                    "Somebody else has saved this since you opened it. What you typed stands below and is not saved "
                    "yet. Where both differ, choose whose words to keep, or put them together below; then save again."
                )
            )
        super().clean()
        return self.cleaned_data

    def _find_clashes(self) -> list[Clash]:
        stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
        opened = version_at(stored, self.data["seen"])
        own = type(self.instance)()
        for name in self.fields:
            typed = self.cleaned_data.get(name, self.data.get(self.add_prefix(name), ""))
            try:
                setattr(own, name, typed)
            except ValueError:  # the id of a pledge that does not exist
                setattr(own, f"{name}_id", None)
        labels = {name: str(field.label) for name, field in self.fields.items()}
        before, theirs, mine = (
            {name: shown_value(row, name) for name in labels} if row else {} for row in (opened, stored, own)
        )
        return list(clashes(labels, before if opened else None, theirs, mine))

    def _get_validation_exclusions(self) -> set[str]:
        # Constraints between the form's fields and these are checked in the form as well, not only in the database.
        return super()._get_validation_exclusions() - {"state", "corrects", "number"}


def _failure_help() -> SafeString:
    """When to choose which reason, in the words of the methodology."""
    reasons = ((FAILURE_LABELS[reason], meaning) for reason, meaning in FAILURES.items())
    meanings = format_html_join("", "<br><b>{}</b>: {}", reasons)
    return format_html("{}{}", Update._meta.get_field("failure_reason").help_text, meanings)


class UpdateForm(DraftForm):
    needed_in_one = ("text",)

    class Meta:
        model = Update
        fields = [
            *("pledge", "happened_on", "happened_precision", "status", "failure_reason"),
            *("reason_detail_en", "reason_detail_es", "text_en", "text_es"),
            *("correction_note_en", "correction_note_es"),
        ]
        help_texts = {"failure_reason": lazy(_failure_help, SafeString)()}
        widgets = {
            **{f"text_{code}": forms.Textarea(attrs={"rows": 5}) for code in LANGUAGES},
            **{f"correction_note_{code}": forms.Textarea(attrs={"rows": 3}) for code in LANGUAGES},
        }


class WordingForm(DraftForm):
    needed_in_one = ("title", "statement", "kept", "broken", "change_note")

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


class RetractionForm(DraftForm):
    needed_in_one = ("note",)

    class Meta:
        model = Retraction
        fields = ["note_en", "note_es"]


class WithdrawalForm(DraftForm):
    needed_in_one = ("note",)

    class Meta:
        model = Withdrawal
        fields = ["note_en", "note_es"]
        widgets = {f"note_{code}": forms.Textarea(attrs={"rows": 3}) for code in LANGUAGES}


class PledgeCorrectionForm(DraftForm):
    """The present address, mandate and day of a public pledge, to be corrected."""

    needed_in_one = ("note",)

    class Meta:
        model = PledgeCorrection
        fields = ["made_on", "made_on_precision", "mandate", "slug", "note_en", "note_es"]
        widgets = {f"note_{code}": forms.Textarea(attrs={"rows": 3}) for code in LANGUAGES}


class PledgeForm(AddressedForm):
    """A pledge without its wording, which is another form of its page."""

    prefix_of_words = "wordings-0-"

    class Meta:
        model = Pledge
        fields = [
            *("slug", "mandate", "carried_into", "made_on", "made_on_precision", "source_document", "topics"),
            *("institutions", "headline", "review_interval_days", "also_called_en", "also_called_es"),
        ]
        labels = {"headline": gettext_lazy("headline pledge")}

    def words(self) -> str:
        """The title typed beside it, or else that of the newest wording."""
        wording = self.instance.latest_wording if self.instance.pk else None
        return super().words() or (str(wording.title) if wording else "")


class ScheduleForm(forms.Form):
    """A time of publication in the newsroom's time zone. Times that do not exist there, or exist twice, are invalid."""

    at = forms.DateTimeField(
        label=gettext_lazy("Publish at"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("Choose a day and a time that are still to come.")},
    )

    def clean_at(self) -> datetime:
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("Choose a time that is still to come."))
        if at.year == MAXYEAR:  # in another time zone it may be past the last date that Python has
            raise forms.ValidationError(_("Choose an earlier time: this one is at the end of the calendar."))
        return at


class CommentForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=5000, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )
