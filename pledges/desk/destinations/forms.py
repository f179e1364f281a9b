"""The form of a destination. The address is typed and stored, and never shown again."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pledges.domain.chat_addresses import EXAMPLES
from pledges.domain.destinations import NotSent
from pledges.domain.lazy import lazy
from pledges.models import CHOSEN_EVENTS, Destination

if TYPE_CHECKING:
    from pledges.jobs import destinations as destination_jobs
else:
    destination_jobs = lazy("pledges.jobs.destinations")


class DestinationForm(forms.ModelForm):
    """On an existing destination an empty address keeps the stored one."""

    address = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        choices=[(event.value, event.label) for event in CHOSEN_EVENTS],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Destination
        fields = ["kind", "name", "address", "events", "least_percent", "group", "language", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_texts = {
            "kind": _("A webhook sends data to another system, a message sends sentences to a chat service."),
            "events": _("What this destination is told of, within a minute."),
            "language": _("Of messages. Webhooks have each language that the newsroom writes."),
        }
        for name in help_texts.keys() & self.fields.keys():
            self.fields[name].help_text = help_texts[name]
        self.initial["address"] = ""
        for name in {"address", "events"} & self.fields.keys():
            self.fields[name].label = capfirst(str(Destination._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # no relations
        if "address" in self.fields:
            self.fields["address"].help_text = self._address_help()
        if "kind" in self.fields:
            kinds = [choice for choice in Destination.Kind.choices if choice[0] in destination_jobs.SENDERS]
            self.fields["kind"].widget.choices = self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # of choice fields

    def _address_help(self) -> SafeString:
        kept = ""
        if self.instance.pk:
            kept = _("Leave this empty to keep the stored address: %(address)s")
            kept %= {"address": self.instance.address_mask}
        context = {
            "kept": kept,
            "examples": EXAMPLES,
            "mattermost": ", ".join(f"{origin}/hooks/…" for origin in settings.MATTERMOST_ORIGINS),
            "sends_mail": bool(settings.EMAIL_HOST),
        }
        return render_to_string("admin/pledges/destination/address_help.html", context)

    def clean(self) -> dict[str, Any]:
        """The address as it is stored: checked, if one was typed."""
        super().clean()
        data = self.cleaned_data
        address = data.get("address", "").strip()
        kind = data.get("kind") or self.instance.kind
        if address and kind in destination_jobs.CHECKS:
            try:
                data["address"] = destination_jobs.CHECKS[kind](address)
            except NotSent as error:
                self.add_error("address", str(error.sentence))
        elif self.instance.pk:
            data["address"] = self.instance.address
        elif "address" not in self.errors:
            self.add_error("address", _("Enter the address."))
        return data
