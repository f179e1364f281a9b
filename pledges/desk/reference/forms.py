"""The forms for closing a mandate or the tracker, and for a file of figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.forms import label_without_language, text_and_language
from pledges.domain.languages import LANGUAGES
from pledges.models import Mandate, Newsroom
from pledges.models.base import AddressField


class CarryForm(forms.Form):
    """The later mandate that a pledge is carried into, and why."""

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
        self.later = later.order_by("starts_on")
        cast(forms.ModelChoiceField, self.fields["into"]).queryset = self.later


class CloseTrackerForm(forms.Form):
    """The day from which the tracker is closed, and a note for readers."""

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

    def __init__(self, *args: Any, newsroom: Newsroom, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if newsroom.one_language:
            for name in [name for name in self.fields if text_and_language(name)[1] not in ("", *newsroom.languages)]:
                del self.fields[name]
            note = self.fields[f"note_{newsroom.main_language}"]
            note.label, note.help_text = label_without_language(note.label), self.base_fields["note_en"].help_text

    def clean(self) -> dict:
        """Require the note in at least one language."""
        super().clean()
        data = {f"note_{code}": "" for code in LANGUAGES} | self.cleaned_data
        if not any(data[f"note_{code}"] for code in LANGUAGES):
            raise forms.ValidationError(_("Say what readers should know."))
        return data

    def clean_day(self) -> date:
        """Today or later, in the newsroom's calendar."""
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a day that is still to come."))
        return day


class FiguresForm(forms.Form):
    """A file of figures for an indicator, and which of its columns hold what.

    Once a file was read it is kept for an hour under `kept_file`, so that its columns can be chosen from its headings.
    """

    largest = 5_000_000  # bytes
    texts = ("source_column", "note_en_column", "note_es_column")

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("CSV, JSON or XLSX, up to 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.json,.xlsx"}),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )
    kept_file = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    series = forms.SlugField(
        label=gettext_lazy("Series"),
        max_length=60,
        help_text=gettext_lazy("Figures of two sources or definitions are never one line."),
        error_messages={"invalid": AddressField.default_error_messages["invalid"]},
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
        required=False,
        help_text=gettext_lazy(
            "Its heading, or its letter as in a spreadsheet; empty to choose from the file's headings."
        ),
    )
    value_column = forms.CharField(label=gettext_lazy("Column of the value"), max_length=100, required=False)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Who publishes the figures.")
    )
    source_column = forms.CharField(label=gettext_lazy("Column of the source"), max_length=100, required=False)
    note_en_column = forms.CharField(label=gettext_lazy("Column of the note (English)"), max_length=100, required=False)
    note_es_column = forms.CharField(label=gettext_lazy("Column of the note (Spanish)"), max_length=100, required=False)
    url = forms.URLField(
        label=gettext_lazy("Link"),
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("Where readers find the file or its publication."),
    )

    def __init__(self, *args, **kwargs):
        """The columns beside period and value are offered with the file's headings only."""
        super().__init__(*args, **kwargs)
        for name in self.texts:
            self.fields[name].widget = forms.HiddenInput()

    def offer(self, columns: Sequence[tuple[str, str]]) -> None:
        """Let the columns be chosen from these (name, label), beside what was typed."""
        self.fields["period_column"].help_text = ""
        self.fields["file"].help_text = _("It is kept for an hour: choose it again only to replace it.")
        for name in ("period_column", "value_column", *self.texts):
            typed = str(self[name].value() or "")
            known = [*columns] if typed in ("", *dict(columns)) else [(typed, typed), *columns]
            self.fields[name].widget = forms.Select(choices=[("", "—"), *known])

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None and not self.data.get("kept_file"):
            raise forms.ValidationError(_("Choose a file."))
        if file is not None and file.size is not None and file.size > self.largest:
            raise forms.ValidationError(_("The file is larger than 5 MB, more than we read."))
        return file
