"""The forms for pledges from a document: adding the document, and making drafts of candidates."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.forms import BilingualForm, label_without_language, text_and_language
from pledges.domain.languages import LANGUAGES
from pledges.domain.lazy import lazy
from pledges.models import Candidate, Mandate, Newsroom, Pledge, SourceDocument, Wording
from pledges.models.base import LANGUAGE_CHOICES, AddressField
from pledges.queries.addresses import RESERVED, stem

if TYPE_CHECKING:
    from pledges.jobs import documents
else:
    documents = lazy("pledges.jobs.documents")

LONGEST_TEXT = 600_000  # characters of a pasted text; a file may have more
LONGEST_QUOTE = 400
LONGEST_TITLE = 160
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRITTEN = ("title", "statement", "kept", "broken")
INPUTS = ("pasted", "url", "file")


class IntakeForm(forms.Form):
    """A document to search for pledges: pasted, at a web address, or uploaded."""

    pasted = forms.CharField(
        label=gettext_lazy("Paste the text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"max_length": gettext_lazy("This is too long to be pasted: upload it as a file.")},
    )
    url = forms.URLField(
        label=gettext_lazy("or give its address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField", "spellcheck": "false"}),
        help_text=gettext_lazy("Of the page or file itself. With a pasted text or a file: where readers find it."),
    )
    file = forms.FileField(
        label=gettext_lazy("or choose a file"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.html,.htm,.txt"}),
        help_text=gettext_lazy("PDF, DOCX, HTML or plain text, up to 20 MB."),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("As published. Left empty, the document's own is taken."),
    )
    publisher = forms.CharField(
        label=gettext_lazy("Publisher"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Who published it: the presidency, a party, a newspaper."),
    )
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        required=False,
        help_text=gettext_lazy("“In the first hundred days” and the like are counted from it."),
        widget=DAY,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("detect from the text")), *LANGUAGE_CHOICES],
    )
    mandate = forms.ModelChoiceField(
        label=gettext_lazy("Made in mandate"),
        queryset=Mandate.objects.order_by("-starts_on"),
        help_text=gettext_lazy("The office in which the pledges were made."),
        error_messages={"required": gettext_lazy("Choose the mandate in which the pledges were made.")},
    )

    @property
    def kind(self) -> str:
        """The name of the field that has the document. Only for a valid form."""
        return next(name for name in ("file", "pasted", "url") if self.cleaned_data.get(name))

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        if file and file.size > documents.LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB: upload the part that holds the pledges."))
        return file

    def clean(self) -> dict:
        """One document: a text or a file (an address with it is where it was published), or an address to read."""
        super().clean()
        data = self.cleaned_data
        if not any(data.get(name) or name in self.errors for name in INPUTS):
            self.add_error("pasted", _("Paste a text, give an address or choose a file."))
        if data.get("file") and (data.get("pasted") or "").strip():
            self.add_error("file", _("Paste a text or choose a file, not both. Choose the file again if it is that."))
        if data.get("published_on") and data["published_on"] > timezone.localdate():
            self.add_error("published_on", _("This day is in the future."))
        return data


class MarkForm(forms.Form):
    """A sentence with a pledge that the extraction has missed."""

    sentence = forms.CharField(
        label=gettext_lazy("A pledge that was missed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Copy the sentence from the text, word for word; what is selected there comes here."),
        error_messages={"required": gettext_lazy("Copy the sentence from the text, word for word.")},
    )


class SourceDocumentForm(forms.Form):
    """What the drafts have in common: the source document and the day."""

    source_document = forms.ModelChoiceField(
        label=gettext_lazy("Source document"),
        queryset=SourceDocument.objects.all(),
        required=False,
        empty_label=gettext_lazy("a new one, made of this document"),
        help_text=gettext_lazy("What readers see as the place where the pledges were made."),
    )
    publisher = forms.CharField(
        label=gettext_lazy("Publisher of the new one"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    made_on = forms.DateField(
        label=gettext_lazy("Said on"),
        error_messages={"required": gettext_lazy("Give the day on which it was said.")},
        widget=DAY,
    )

    def clean(self) -> dict:
        """A new source document needs a publisher; the day is checked by the pledge's own rules."""
        super().clean()
        data = self.cleaned_data
        if not data.get("source_document") and not data.get("publisher"):
            self.add_error("publisher", _("Say who published the document, or choose one that is entered already."))
        try:
            _pledge(data.get("made_on"), source_document=data.get("source_document")).clean()
        except forms.ValidationError as error:
            self.add_error(None, error)
        return data


class TakeForm(BilingualForm):
    """The draft of a pledge from a candidate. One language is required, the other may follow later.

    The document's language comes first, unless the newsroom writes only the other.
    """

    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=80,
        help_text=gettext_lazy("Part of the page's address; final once published."),
        error_messages={"invalid": AddressField.default_error_messages["invalid"]},
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one topic.")},
    )

    class Meta:
        model = Wording
        fields = [
            *(f"{name}_{code}" for name in WRITTEN for code in LANGUAGES),
            *("quote", "deadline", "deadline_precision"),
        ]
        widgets = {
            f"{name}_{code}": forms.Textarea(attrs={"rows": 2}) for name in WRITTEN[1:] for code in LANGUAGES
        } | {
            **{f"title_{code}": forms.TextInput(attrs={"class": "vTextField"}) for code in LANGUAGES},
            "quote": forms.Textarea(attrs={"rows": 2}),
            "deadline": DAY,
        }

    use_required_attribute = False
    like: Sequence[Any] = ()  # tracked pledges that may be the same (`jobs.duplicates.Like`)

    def __init__(
        self,
        *args: Any,
        candidate: Candidate,
        text: str,
        language: str,
        topics: Sequence[tuple],
        newsroom: Newsroom,
        initial: dict[str, Any],
        made_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.newsroom = newsroom
        written = {"", *newsroom.languages}
        initial = {key: value for key, value in initial.items() if text_and_language(key)[1] in written}
        super().__init__(*args, prefix=f"c{candidate.pk}", initial=initial, **kwargs)
        self.instance.pledge = _pledge(made_on)  # the deadline is compared with its day
        self.candidate, self.text = candidate, text
        self.language = language if language in newsroom.languages else newsroom.main_language
        self.other = next((code for code in newsroom.languages if code != self.language), "")
        cast(forms.MultipleChoiceField, self.fields["topics"]).choices = topics
        for name in [name for name in self.fields if text_and_language(name)[1] not in written]:
            del self.fields[name]
        if not self.other:
            for name in WRITTEN:
                field = self.fields[f"{name}_{self.language}"]
                field.label = label_without_language(field.label)
        self.fields["quote"].widget.attrs["lang"] = language

    @property
    def in_own_language(self) -> list[forms.BoundField]:
        """The fields in the language that comes first: title and statement, then the criteria."""
        return [self[f"{name}_{self.language}"] for name in WRITTEN]

    @property
    def in_other_language(self) -> list[forms.BoundField]:
        """The same in the other language; none in a newsroom that writes one."""
        return [self[f"{name}_{self.other}"] for name in WRITTEN] if self.other else []

    @property
    def other_is_open(self) -> bool:
        """Whether the other language has a value or an error, so that the page shows it unfolded."""
        return any(field.value() or field.errors for field in self.in_other_language)

    def clean(self) -> dict:
        """Require a title and a statement, each in at least one language."""
        super().clean()
        for name in WRITTEN[:2]:
            field = f"{name}_{self.language}"
            codes = (self.language, self.other) if self.other else (self.language,)
            if field not in self.errors and not any(self.cleaned_data.get(f"{name}_{code}") for code in codes):
                self.add_error(field, self.fields[field].error_messages["required"])
        return self.cleaned_data

    def clean_quote(self) -> str:
        """Word for word from the document, and at most LONGEST_QUOTE characters."""
        quote = self.cleaned_data["quote"].strip()
        if len(quote) > LONGEST_QUOTE:
            raise forms.ValidationError(
                _("A quote is short: at most %(most)s characters. Cut it to the words that promise.")
                % {"most": LONGEST_QUOTE}
            )
        if " ".join(quote.split()) not in " ".join(self.text.split()):
            raise forms.ValidationError(
                _("The document does not contain this: a quote is word for word. Leave it empty otherwise.")
            )
        return quote


def _pledge(made_on: date | None, **fields: Any) -> Pledge:
    """An unsaved pledge for validation; its day may be missing while the form is invalid."""
    values: dict[str, Any] = {"made_on": made_on, **fields}
    return Pledge(**values)


def initial_values(candidates: Sequence[Candidate], language: str) -> list[dict]:
    """The initial values of these candidates' forms, with slugs that are not in use; one query."""
    used = {*Pledge.objects.values_list("slug", flat=True), *RESERVED[Pledge]}
    initial = []
    for candidate in candidates:
        first = slug = _stem(candidate)
        number = 1
        while slug in used:
            number += 1
            slug = f"{first}-{number}"
        used.add(slug)
        action = f"{candidate.action[:1].upper()}{candidate.action[1:]}".rstrip(" .")
        quote = candidate.sentence.strip()
        initial.append(
            {
                "slug": slug,
                f"title_{language}": _cut(action, LONGEST_TITLE),
                f"statement_{language}": f"{action}.",
                "quote": quote if len(quote) <= LONGEST_QUOTE else "",
                "deadline": candidate.deadline,
                "deadline_precision": candidate.deadline_precision,
            }
        )
    return initial


def _stem(candidate: Candidate) -> str:
    return stem(candidate.action) or f"pledge-{candidate.pk}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rpartition(' ')[0]}…"
