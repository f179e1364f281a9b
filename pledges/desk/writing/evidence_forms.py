"""The evidence below a draft's form, with optimistic locking: clashes are settled piece by piece."""

from collections.abc import Iterator
from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from pledges.models import Evidence, Update
from pledges.queries.diffs import Clash, clashes, one_line

# A form of the formset as the browser sends it, by field name. Under "was " and the name: the value when it was opened.
Piece = dict[str, str]


class EvidenceFormSet(BaseInlineFormSet):
    """The pieces of evidence. Each form has hidden fields with the values that it had when the page was opened.

    If somebody has saved the draft since (its form is then invalid, see `DraftForm`), `clashes` holds what they did to
    pieces: fields changed, pieces added, pieces removed. The forms become the pieces that either side has, so that
    nothing is lost. What the person chooses is sent with the next form as `take-…` and applied before validation.
    """

    def __init__(self, data: QueryDict | None = None, files=None, instance: Update | None = None, **options) -> None:
        self.clashes: list[Clash] = []
        if data is not None and instance is not None and instance.pk:
            data = self._merged(data.copy(), instance, options.get("prefix") or self.get_default_prefix())
        super().__init__(data, files, instance, **options)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Add the hidden field with the value when the page was opened."""
        super().add_fields(form, index)
        for name in self.form.base_fields:
            form.fields[name].show_hidden_initial = True

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Evidence:
        """A piece that was removed and is added again gets back the capture of its page."""
        removed = Evidence.pgh_event_model.objects.filter(pgh_label="delete", update_id=self.instance.pk)
        last = removed.filter(url=form.instance.url, capture__isnull=False).order_by("-pgh_id").first()
        form.instance.capture_id = last.capture_id if last else None
        return super().save_new(form, commit)

    # --- between the data that was sent and pieces

    def _sent(self, data: QueryDict, prefix: str) -> list[Piece]:
        total = data.get(f"{prefix}-TOTAL_FORMS", "")
        count = min(int(total), self.absolute_max) if total.isascii() and total.isdigit() else 0
        pieces = []
        for number in range(count):
            row = f"{prefix}-{number}-"
            piece = {name: data.get(f"{row}{name}", "") for name in ("id", "DELETE", *self.form.base_fields)}
            piece |= {
                f"was {name}": str(data[f"initial-{row}{name}"])
                for name in self.form.base_fields
                if f"initial-{row}{name}" in data
            }
            piece["take"] = data.get(f"take-{prefix}-{number}", "")
            piece |= {f"take {name}": data.get(f"take-{row}{name}", "") for name in self.form.base_fields}
            pieces.append(piece)
        return pieces

    def _with_pieces(self, data: QueryDict, prefix: str, pieces: list[Piece]) -> QueryDict:
        """The data with these pieces as the forms."""
        own_prefixes = (f"{prefix}-", f"initial-{prefix}-", f"take-{prefix}-")
        for key in [key for key in data if key.startswith(own_prefixes) and not key.endswith("_FORMS")]:
            del data[key]
        data[f"{prefix}-TOTAL_FORMS"] = str(len(pieces))
        data[f"{prefix}-INITIAL_FORMS"] = str(sum(bool(piece["id"]) for piece in pieces))
        for number, piece in enumerate(pieces):
            for name in ("id", "DELETE", *self.form.base_fields):
                if piece[name] or name != "DELETE":
                    data[f"{prefix}-{number}-{name}"] = piece[name]
                if f"was {name}" in piece:
                    data[f"initial-{prefix}-{number}-{name}"] = piece[f"was {name}"]
        return data

    def _stored(self, row: Evidence) -> Piece:
        values = {name: getattr(row, name) for name in self.form.base_fields}
        return {name: "" if value is None else str(value) for name, value in values.items()}

    # --- merging with what somebody else saved

    def _merged(self, data: QueryDict, update: Update, prefix: str) -> QueryDict:
        """What was sent, with the choices applied and, if somebody saved meanwhile, with the pieces that they added."""
        if f"{prefix}-TOTAL_FORMS" not in data:
            return data
        stored = {str(row.pk): row for row in Evidence.objects.filter(update=update).order_by("pk")}
        sent = self._sent(data, prefix)
        for piece in sent:
            self._take(piece, stored.get(piece["id"]))
        version = update.updated_at.isoformat()
        if data.get("seen", version) == version:
            for piece in sent:  # nobody saved meanwhile: what differs from the stored value is a change
                if piece["id"] in stored:
                    piece |= {f"was {name}": value for name, value in self._stored(stored[piece["id"]]).items()}
            return self._with_pieces(data, prefix, sent)
        known = [piece for piece in sent if piece["id"] in stored]
        gone = [piece for piece in sent if piece["id"] and piece["id"] not in stored and not piece["DELETE"]]
        new = [piece for piece in sent if not piece["id"]]
        added = [
            {"id": key, "DELETE": "", **self._stored(row)}
            for key, row in stored.items()
            if key not in {piece["id"] for piece in known}
        ]
        pieces = [*known, *added, *gone, *new]
        for number, piece in enumerate(pieces):
            row = f"{prefix}-{number}"
            if number < len(known):
                self.clashes += self._changed(row, piece, stored[piece["id"]])
            elif number < len(known) + len(added):
                self.clashes.append(Clash(row, _title(piece), _words(piece), "", "", alone=True, kind="added"))
            elif number < len(known) + len(added) + len(gone):
                untouched = all(
                    self._same(name, piece[name], piece.get(f"was {name}", "")) for name in self.form.base_fields
                )
                self.clashes.append(Clash(row, _title(piece), "", _words(piece), "", alone=untouched, kind="removed"))
                piece |= {"id": "", **{f"was {name}": "" for name in self.form.base_fields}}
        return self._with_pieces(data, prefix, pieces)

    def _take(self, piece: Piece, row: Evidence | None) -> None:
        """Apply the choices for a piece; "drop" leaves out a piece that the other person added."""
        stored = self._stored(row) if row else dict.fromkeys(self.form.base_fields, "")
        if piece["take"] == "drop":
            piece["DELETE"] = "on"
        elif piece["take"] == "theirs":  # without a row: they removed it, and an empty form is ignored
            piece |= stored | {"DELETE": ""}
        for name in self.form.base_fields:
            if row and piece[f"take {name}"] == "theirs":
                piece[name] = stored[name]

    def _changed(self, prefix: str, piece: Piece, row: Evidence) -> Iterator[Clash]:
        """What somebody else changed of a piece that both have."""
        names = list(self.form.base_fields)
        theirs = {name: self._shown(name, value) for name, value in self._stored(row).items()}
        mine = {name: self._shown(name, piece[name]) for name in names}
        opened = all(f"was {name}" in piece for name in names)
        was = {name: self._shown(name, piece[f"was {name}"]) for name in names} if opened else None
        labels = {name: f"{_title(self._stored(row))}: {self.form.base_fields[name].label}" for name in names}
        if not piece["DELETE"]:
            for clash in clashes(labels, was, theirs, mine):
                yield replace(clash, name=f"{prefix}-{clash.name}")
        elif was is None or any(one_line(was[name]) != one_line(theirs[name]) for name in names):
            stored = self._stored(row)
            yield Clash(prefix, _title(stored), _words(stored), "", "", alone=False, kind="deleted")

    def _shown(self, name: str, value: str) -> str:
        """A value that was sent, as a person reads it: days in one format, a language by its name."""
        field = self.form.base_fields[name]
        try:
            cleaned = field.to_python(value)
        except ValidationError:
            return value
        label = dict(getattr(field, "choices", ())).get(cleaned, cleaned) if cleaned else ""
        return "" if label is None else str(label)

    def _same(self, name: str, left: str, right: str) -> bool:
        return one_line(self._shown(name, left)) == one_line(self._shown(name, right))


def _title(piece: Piece) -> str:
    return _("Evidence “%(what)s”") % {"what": piece["title"] or piece["publisher"] or piece["url"]}


def _words(piece: Piece) -> str:
    """A piece in full, for the choice whether it stays."""
    shown = [piece["publisher"], piece["title"], piece["published_on"], piece["url"], piece["sentence"]]
    return " · ".join(value for value in shown if value)
