"""A status inside a sentence about a pledge, in the active language."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pledges.domain.rules import Status


class StatusPhrases(NamedTuple):
    """The phrases for a status. They are whole phrases because in Spanish they agree with the word for pledge."""

    is_now: Promise
    is_: Promise
    is_still: Promise
    had_been: Promise


STATUS_PHRASES = {
    Status.KEPT: StatusPhrases(
        gettext_lazy("is now kept"),
        gettext_lazy("is kept"),
        gettext_lazy("is still kept"),
        gettext_lazy("it had been kept"),
    ),
    Status.PARTLY_KEPT: StatusPhrases(
        gettext_lazy("is now partly kept"),
        gettext_lazy("is partly kept"),
        gettext_lazy("is still partly kept"),
        gettext_lazy("it had been partly kept"),
    ),
    Status.IN_PROGRESS: StatusPhrases(
        gettext_lazy("is now in progress"),
        gettext_lazy("is in progress"),
        gettext_lazy("is still in progress"),
        gettext_lazy("it had been in progress"),
    ),
    Status.STALLED: StatusPhrases(
        gettext_lazy("is now stalled"),
        gettext_lazy("is stalled"),
        gettext_lazy("is still stalled"),
        gettext_lazy("it had been stalled"),
    ),
    Status.BROKEN: StatusPhrases(
        gettext_lazy("is now broken"),
        gettext_lazy("is broken"),
        gettext_lazy("is still broken"),
        gettext_lazy("it had been broken"),
    ),
    Status.NOT_STARTED: StatusPhrases(
        gettext_lazy("is now rated as not started"),
        gettext_lazy("is not started"),
        gettext_lazy("is still not started"),
        gettext_lazy("it had been rated as not started"),
    ),
    Status.UNCLEAR: StatusPhrases(
        gettext_lazy("is now unclear"),
        gettext_lazy("is unclear"),
        gettext_lazy("is still unclear"),
        gettext_lazy("it had been unclear"),
    ),
    Status.NOT_RATED: StatusPhrases(
        gettext_lazy("is now not rated"),
        gettext_lazy("is not yet rated"),
        gettext_lazy("is still not rated"),
        gettext_lazy("it had not been rated"),
    ),
}
