"""The desk's forms: what can be checked before an action is asked."""

from datetime import MAXYEAR, date, datetime, timedelta

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.models import CRITERIA, FAILURE_LABELS, Lead, Mandate, Pledge, Retraction, Source, Update, Wording
from pledges.queries.diffs import Clash, clashes, version_at
from pledges.site.definitions import FAILURES

OTHER_LANGUAGE = {
    "en": gettext_lazy("Not written yet: readers of English see the Spanish."),
    "es": gettext_lazy("Not written yet: readers of Spanish see the English."),
}


def shown_value(row: models.Model, name: str) -> str:
    """A stored field as a person reads it; "" for nothing."""
    field = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value in (None, ""):
        return ""
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or "")
    if isinstance(value, date):
        return written(value)
    return str(dict(field.flatchoices).get(value, value))


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

    def add_error(self, field: str | None, error: forms.ValidationError | str) -> None:
        """A row's rule about a field that is not in this form is told above it, where Django would stop."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)


class DraftForm(BilingualForm):
    """A draft on its way to publication. It checks the rows' own rules and that nobody else saved meanwhile.

    The page sends along, as `seen`, when the row it shows was last saved (`version`).
    """

    @property
    def version(self) -> str:
        """When the row was last saved; "" for a new one."""
        return self.instance.updated_at.isoformat() if self.instance.pk else ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.clashes: list[Clash] = []
        if self.is_bound and self.instance.pk:
            self.data = self._with_choices(self.data)

    def _with_choices(self, data: QueryDict | dict) -> QueryDict | dict:
        """What was typed, with the stored words where the person chose to take those (see `clashes`)."""
        taken = [name for name in self.fields if data.get(f"take-{self.add_prefix(name)}") == "theirs"]
        if not taken:
            return data
        data = data.copy()
        for name in taken:
            value = self.get_initial_for_field(self.fields[name], name)
            data[self.add_prefix(name)] = "" if value is None else str(value)
        return data

    def clean(self) -> dict:
        """Refuse to save over somebody else's work unseen: `clashes` then holds both versions, field by field."""
        if self.version and self.data.get("seen", self.version) != self.version:
            self.clashes = self._compared()
            raise forms.ValidationError(
                _(
                    "Somebody else has saved this since you opened it. What you typed stands below and is not saved "
                    "yet. Where both differ, choose whose words to keep, or put them together below; then save again."
                )
            )
        return super().clean()

    def _compared(self) -> list[Clash]:
        stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
        opened = version_at(stored, self.data["seen"])
        mine = type(self.instance)()
        for name in self.fields:
            typed = self.cleaned_data.get(name, self.data.get(self.add_prefix(name), ""))
            try:
                setattr(mine, name, typed)
            except ValueError:  # a pledge that there is not
                setattr(mine, f"{name}_id", None)
        labels = {name: str(field.label) for name, field in self.fields.items()}
        was, theirs, own = (
            {name: shown_value(row, name) for name in labels} if row else None for row in (opened, stored, mine)
        )
        return list(clashes(labels, was, theirs, own))

    def _get_validation_exclusions(self) -> set[str]:
        # The rules between a field and the row's state are checked here as well, not only by the database.
        return super()._get_validation_exclusions() - {"state", "corrects", "number"}


def _failure_help() -> SafeString:
    """When to choose which reason, in the words in which the methodology explains them to readers."""
    reasons = ((FAILURE_LABELS[reason], meaning) for reason, meaning in FAILURES.items())
    meanings = format_html_join("", "<br><b>{}</b>: {}", reasons)
    return format_html("{}{}", Update._meta.get_field("failure_reason").help_text, meanings)


class UpdateForm(DraftForm):
    """An update's draft."""

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


class RetractionForm(DraftForm):
    """A retraction's draft."""

    class Meta:
        model = Retraction
        fields = ["note_en", "note_es"]


class PledgeForm(BilingualForm):
    """What a pledge has beside its wording."""

    class Meta:
        model = Pledge
        fields = [
            *("slug", "mandate", "carried_into", "made_on", "made_on_precision", "source_document", "topics"),
            *("institutions", "headline", "review_interval_days", "also_called_en", "also_called_es"),
        ]
        labels = {"headline": gettext_lazy("headline pledge")}


class CarryForm(forms.Form):
    """Into which later mandate a pledge is carried, and why."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("Into"),
        queryset=Mandate.objects.none(),
        help_text=gettext_lazy("A mandate that began later and was not closed."),
        error_messages={"required": gettext_lazy("Choose the mandate in which it is followed from now on.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("For the record of the desk: who took the promise over, and where they said so."),
        error_messages={"required": gettext_lazy("Say why the pledge is followed in the other mandate.")},
    )

    def __init__(self, *args, mandate: Mandate, **kwargs):
        super().__init__(*args, **kwargs)
        later = Mandate.objects.filter(starts_on__gt=mandate.starts_on, closed_on=None)
        self.fields["into"].queryset = later.order_by("starts_on")


class CloseTrackerForm(forms.Form):
    """The tracker's last day, and what readers should know."""

    day = forms.DateField(
        label=gettext_lazy("Closed from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "From this day every page says that the tracker is closed, no source is read and no lead is raised."
        ),
    )
    note_en = forms.CharField(
        label=gettext_lazy("What readers should know (English)"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        help_text=gettext_lazy("Why it is closed and where to look from now on; it stands at the top of every page."),
    )
    note_es = forms.CharField(
        label=gettext_lazy("What readers should know (Spanish)"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "es"}),
        help_text=gettext_lazy("Readers of the other language see the text that there is."),
    )

    def clean(self) -> dict:
        """In one language at least, something is said."""
        data = super().clean()
        if not data.get("note_en") and not data.get("note_es"):
            raise forms.ValidationError(_("Say what readers should know."))
        return data

    def clean_day(self) -> date:
        """Today or a day that is to come, in the newsroom's calendar."""
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a day that is still to come."))
        return day


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


class ScheduleForm(forms.Form):
    """When something is to be published, by the newsroom's clock. A time that its clocks skip or repeat is refused."""

    at = forms.DateTimeField(
        label=gettext_lazy("Publish at"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": gettext_lazy("Choose a day and a time that are still to come.")},
    )

    def clean_at(self) -> datetime:
        """A time that is to come."""
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("Choose a time that is still to come."))
        if at.year == MAXYEAR:  # in another time zone, it may lie beyond the calendar
            raise forms.ValidationError(_("Choose an earlier time: this one is at the end of the calendar."))
        return at


class CommentForm(forms.Form):
    """What somebody says about a draft."""

    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=5000, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )


class AddressForm(forms.Form):
    """Any address, pasted: what can be read there is found out."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Paste the address of a site, a feed, a page or a file.")},
    )


class AdoptForm(forms.ModelForm):
    """A source that was found, as it is saved with one click. What does not belong to its kind is left out."""

    class Meta:
        model = Source
        fields = ["kind", "url", "name", "publisher", "language", "selector", "pledge", "interval_minutes"]
        widgets = dict.fromkeys(("kind", "url", "pledge", "interval_minutes"), forms.HiddenInput)
        field_classes = {"url": forms.CharField}  # the model checks it

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["interval_minutes"].required = self.fields["selector"].required = False
        self.fields["name"].widget.attrs["class"] = self.fields["publisher"].widget.attrs["class"] = "vTextField"
        kind = self["kind"].value()
        if kind != Source.Kind.PAGE:
            del self.fields["selector"]

    def clean_kind(self) -> str:
        """Figures need more than an address, and are entered on the long form."""
        if self.cleaned_data["kind"] == Source.Kind.DATA:
            raise forms.ValidationError(_("Say which indicator the figures are for, and which columns hold them."))
        return self.cleaned_data["kind"]

    def clean_interval_minutes(self) -> int:
        """The usual one unless a search asks for another."""
        return self.cleaned_data["interval_minutes"] or Source._meta.get_field("interval_minutes").default


class SourceForm(BilingualForm):
    """A source by hand: what its kind needs is asked for, in words, before the database is."""

    figures = ("indicator", "series", "period_column", "value_column")

    def clean(self) -> dict:
        """Figures need their indicator, series and columns; other sources have none of these."""
        data = super().clean()
        kind = data.get("kind") or self.instance.kind
        if kind == Source.Kind.DATA:
            for name in self.figures:
                if name in self.fields and name not in self.errors and not data.get(name):
                    self.add_error(name, _("Figures need this."))
        else:
            for name in (*self.figures, "data_path"):
                if data.get(name):
                    self.add_error(name, _("Only a source of figures has this."))
        if kind != Source.Kind.PAGE and data.get("selector"):
            self.add_error("selector", _("Only a page watched for change has a part that is looked at."))
        return data


class FiguresForm(forms.Form):
    """A file of figures for an indicator, looked at before anything is kept."""

    largest = 5_000_000

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, JSON or XLSX, up to 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.json,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    series = forms.SlugField(
        label=gettext_lazy("Series"),
        max_length=60,
        help_text=gettext_lazy("Figures of two sources or definitions are never one line."),
    )
    data_path = forms.CharField(
        label=gettext_lazy("Where in the file"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "A worksheet's name, or the keys that lead to the rows in JSON, with dots between them."
        ),
    )
    period_column = forms.CharField(
        label=gettext_lazy("Column of the period"),
        max_length=100,
        help_text=gettext_lazy("Its heading, or its letter as in a spreadsheet."),
    )
    value_column = forms.CharField(label=gettext_lazy("Column of the value"), max_length=100)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Who publishes the figures.")
    )
    url = forms.URLField(
        label=gettext_lazy("Link"),
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("Where readers find the file or its publication."),
    )

    def clean_file(self):
        """Not larger than what is read."""
        file = self.cleaned_data["file"]
        if file.size > self.largest:
            raise forms.ValidationError(_("The file is larger than 5 MB, more than we read."))
        return file
