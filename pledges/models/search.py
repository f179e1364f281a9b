"""The words of published texts, for spelling correction and completion of searches."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    """A word of a published text. It stays when the text is corrected or retracted, so whoever suggests it has to check
    that it still finds something."""

    word = models.CharField(_("word"), max_length=40, primary_key=True, help_text=_("In lower case without accents."))
    written = models.CharField(_("as it is written"), max_length=40)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        default_permissions = ()

    def __str__(self) -> str:
        return self.written
