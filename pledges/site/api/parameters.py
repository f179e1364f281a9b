"""The parameters of the API's operations: what may be asked, with descriptions and examples.

They are checked here and described for the OpenAPI document; the code of the site's own pages reads what they mean.
"""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from pledges.domain.rules import Status, Timeliness
from pledges.queries.asof import written_day
from pledges.queries.changes import Kind
from pledges.queries.search import filters
from pledges.site.api import requests

KINDS: Any = Literal[tuple(str(kind) for kind in Kind)]
SORTS: Any = Literal[tuple(filters.SORTS)]


def _written_day(text: str) -> str:
    """Raises InvalidPeriod (a ValueError), whose text says how to mend it, for anything but a day."""
    written_day(text)
    return text


Day = Annotated[str, AfterValidator(_written_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[str, StringConstraints(min_length=1)]


def optional(description: str, *examples: object, **limits: Any) -> Any:
    """A parameter that may be left out."""
    return Field(None, description=description, examples=list(examples) or None, **limits)


def several(description: str, example: object) -> Any:
    """A parameter that may be given many times: a pledge has one of the values."""
    return Field([], description=description, examples=[[example]])


class AsOf(Schema):
    """The time that an answer is of."""

    edition: int = optional(_("As of this edition: what was said when it was the newest."), 2, ge=1)
    on: Day = optional(_("As of this day: what was true then, as YYYY-MM-DD."), "2024-06-01")


class Part(AsOf):
    """Which part of a list."""

    limit: int = Field(
        requests.USUAL,
        ge=1,
        le=requests.MOST,
        description=_("How many rows an answer has at most."),
        examples=[10],
    )
    cursor: Text = optional(
        _("Where the part begins: only as “next” of the answer before gives it."),
        max_length=requests.LONGEST_CURSOR,
    )


class PledgeFilters(Part):
    """The filters of the list of pledges."""

    q: Text = optional(
        _("Words in either language; “-word” excludes, quotation marks keep words together."),
        "bridge",
        max_length=filters.MAX_QUERY,
    )
    status: list[Status] = several(_("Where the pledge stands."), "in_progress")
    deadline: list[Timeliness] = several(_("How it stands against its deadline."), "ahead")
    topic: list[Text] = several(_("A topic, by its name in addresses."), "transport")
    institution: list[Text] = several(_("An institution, by its name in addresses."), "ports-authority")
    mandate: list[Text] = several(
        _("A mandate in which it was made or is followed, by its name in addresses."), "silva-2023"
    )
    headline: Literal["yes"] = optional(_("Only the pledges that matter most."), "yes")
    since: Text = optional(
        _("Changed since a day (YYYY-MM-DD), in the last 7, 30 or 90 days, or by the last edition (“edition”)."),
        "2024-01-01",
    )
    sort: SORTS = optional(_("The order."), "title")


class UpdateFilters(Part):
    """The filters of the lists of updates and evidence."""

    pledge: Text = optional(_("Only those of this pledge, by any address that it ever had."), "new-bridges")
    topic: list[Text] = several(_("Only those of pledges with a topic, by its name in addresses."), "transport")
    institution: list[Text] = several(
        _("Only those of pledges that concern an institution, by its name in addresses."), "ports-authority"
    )
    mandate: list[Text] = several(_("Only those of pledges of a mandate, by its name in addresses."), "silva-2023")


class Period(Part):
    """Two days or two editions, and which changes between them."""

    since: Day = optional(_("The first day, as YYYY-MM-DD."), "2024-06-01")
    to: Day = optional(_("The last day, as YYYY-MM-DD."), "2024-07-01")
    from_edition: int = optional(_("What was published after this edition; 0 is before the first."), 1, ge=0)
    to_edition: int = optional(_("What was published up to this edition, included."), 2, ge=0)
    topic: Text = optional(_("Only changes of pledges with this topic, by its name in addresses."), "transport")
    mandate: Text = optional(_("Only changes of this mandate and its pledges, by its name in addresses."), "silva-2023")
    kind: KINDS = optional(_("Only changes of this kind."), "status")


class Words(Part):
    """The words of a search."""

    q: str = Field(
        min_length=1,
        max_length=filters.MAX_QUERY,
        description=_("Words in either language; “-word” excludes, quotation marks keep words together."),
        examples=["bridge"],
    )
