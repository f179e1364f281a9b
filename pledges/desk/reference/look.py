"""The newsroom's look on its form: a colour, and a logo that is uploaded."""

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.forms import BilingualForm
from pledges.domain.pictures import NotAPicture, measure
from pledges.models import Logo
from pledges.models.logo import LARGEST, LARGEST_SIDE, SMALLEST_SIDE

FORMATS = gettext_lazy("PNG, JPEG or WebP, up to 100 kB. It stands before the name at the top of every page.")


class NewsroomForm(BilingualForm):
    """The newsroom with its logo as a file. The logo of the row stays unless another is given or it is removed."""

    logo_file = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
        help_text=FORMATS,
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )
    without_logo = forms.BooleanField(label=gettext_lazy("Without a logo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.uploaded: Logo | None = None
        if not self.instance.logo_id and "without_logo" in self.fields:
            del self.fields["without_logo"]
        elif "logo_file" in self.fields:
            now = _("Now: %(logo)s pixels.") % {"logo": self.instance.logo}
            self.fields["logo_file"].help_text = f"{now} {FORMATS}"

    def clean_accent(self) -> str:
        """The colour in lower case."""
        return self.cleaned_data["accent"].strip().lower()

    def clean_logo_file(self) -> UploadedFile | None:
        """A small picture. What the file is named, or said to be, does not count."""
        file = self.cleaned_data["logo_file"]
        if not file:
            return None
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 100 kB: make the picture smaller."))
        body = file.read()
        try:
            measures = measure(body)
        except NotAPicture:
            raise ValidationError(_("This is not a PNG, JPEG or WebP picture.")) from None
        if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (measures.width, measures.height)):
            raise ValidationError(
                _("This picture has %(width)s × %(height)s pixels: each side must have from %(least)s to %(most)s.")
                % {
                    "width": measures.width,
                    "height": measures.height,
                    "least": SMALLEST_SIDE,
                    "most": LARGEST_SIDE,
                }
            )
        self.uploaded = Logo(
            sha256=hashlib.sha256(body).hexdigest(),
            kind=measures.kind,
            width=measures.width,
            height=measures.height,
            body=body,
        )
        return file

    def keep_logo(self) -> None:
        """Store an uploaded logo and name it in the row, before the row itself is saved."""
        if self.uploaded:
            values = {name: getattr(self.uploaded, name) for name in ("kind", "width", "height", "body")}
            Logo.objects.get_or_create(sha256=self.uploaded.sha256, defaults=values)
            self.instance.logo_id = self.uploaded.sha256
        elif self.cleaned_data.get("without_logo"):
            self.instance.logo = None
