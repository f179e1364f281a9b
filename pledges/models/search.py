"""The words that readers can find, so that a search knows what a misspelt or unfinished one is near to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    """A word of something published. It stays when the text is corrected or retracted: whoever offers it to a reader
    asks first whether it still finds anything."""

    word = models.CharField(_("word"), max_length=40, primary_key=True, help_text=_("In lower case without accents."))
    written = models.CharField(_("as it is written"), max_length=40)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        default_permissions = ()

    def __str__(self) -> str:
        return self.written
