"""The links that stand on every page, in one place: those of the masthead and those at the foot."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Link:
    """A page by the name of its address; `dated` if it can be asked for as of a day or an edition (see `asof`)."""

    name: str
    label: object
    dated: bool = False

    @property
    def address(self) -> str:
        """Where the page stands in the present language; "" while there is no such page."""
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


MASTHEAD = (
    Link("pledges", _("Pledges"), dated=True),
    Link("mandates", _("Mandates"), dated=True),
    Link("changes", _("What changed")),
    Link("this_week", _("This week")),
    Link("indicators", _("Indicators"), dated=True),
)
FOOT = (
    Link("editions", _("Editions"), dated=True),
    Link("corrections", _("Corrections"), dated=True),
    Link("methodology", _("Methodology")),
    Link("watch", _("About the watch")),
    Link("alert", _("Alerts by e-mail")),
    Link("data", _("Data and feeds")),
    Link("accessibility", _("Accessibility")),
    Link("contact", _("Contact")),
)


def current(path: str) -> str:
    """The address, among those of all links, of the page at `path` or of the nearest one that it belongs to."""
    over = [link.address for link in (*MASTHEAD, *FOOT) if link.address and path.startswith(link.address)]
    return max(over, key=len, default="")
