"""The forms of sources: a pasted address, a source that was found, and the full form."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.forms import BilingualForm
from pledges.models import Source


class AddressForm(forms.Form):
    """Any web address: what can be read there is looked up."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Paste the address of a site, a feed, a page or a file.")},
    )


class AdoptForm(forms.ModelForm):
    """A source that was found, filled in so that one click saves it. Only pages have a selector."""

    class Meta:
        model = Source
        fields = ["kind", "url", "name", "publisher", "language", "selector", "pledge", "interval_minutes"]
        widgets = dict.fromkeys(("kind", "url", "pledge", "interval_minutes"), forms.HiddenInput)
        field_classes = {"url": forms.CharField}  # validated by the model

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["interval_minutes"].required = self.fields["selector"].required = False
        self.fields["name"].widget.attrs["class"] = self.fields["publisher"].widget.attrs["class"] = "vTextField"
        kind = self["kind"].value()
        if kind != Source.Kind.PAGE:
            del self.fields["selector"]

    def clean_kind(self) -> str:
        """Refuse sources of figures: they need more than an address, which the full form asks for."""
        if self.cleaned_data["kind"] == Source.Kind.DATA:
            raise forms.ValidationError(_("Say which indicator the figures are for, and which columns hold them."))
        return self.cleaned_data["kind"]

    def clean_interval_minutes(self) -> int:
        """The model's default unless one is given, as for searches."""
        return self.cleaned_data["interval_minutes"] or Source._meta.get_field("interval_minutes").default


class SourceForm(BilingualForm):
    """The full form of a source: checks what its kind needs before the database's constraints do."""

    figures = ("indicator", "series", "period_column", "value_column")

    def clean(self) -> dict:
        """Figures need an indicator, series and columns; other sources have none of these."""
        super().clean()
        data = self.cleaned_data
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
