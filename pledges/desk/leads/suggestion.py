"""What the watch suggests at a lead, as the desk shows it: against what is published by now."""

from dataclasses import dataclass

from pledges.desk.shared.base import status_label
from pledges.models import Lead
from pledges.queries.told_already import Told


@dataclass(frozen=True)
class Suggested:
    """A lead's suggestion with the labels of statuses, in the active language.

    `kind` is "change" (from `before` to `after`), "told" (a change that `update` tells already), "as_before" (at
    `before`), or "". `criterion` says what the status after the article means for the pledge, where that is written.
    """

    kind: str
    before: str
    after: str
    criterion: str = ""
    update: Told | None = None

    @property
    def told_status(self) -> str:
        """The status by the update that tells the change."""
        return status_label(self.update.update.status) if self.update else ""


def suggested(lead: Lead) -> Suggested:
    """The suggestion of a lead with its annotations (`status_by_then`), its wording and what is told already.

    A change to the status that the pledge has had since before the article, by an update that was published later than
    the lead was raised, is no change: all is as before.
    """
    by_then, status = lead.status_by_then, lead.suggested_status
    told: Told | None = lead.told.change
    kind = "told" if told else str(lead.suggestion)
    if kind == Lead.Suggestion.CHANGE and status == by_then:
        kind = str(Lead.Suggestion.AS_BEFORE)
    about = by_then if kind == Lead.Suggestion.AS_BEFORE else status
    criterion = dict(lead.wording.criteria).get(about, "") if lead.wording and about else ""
    return Suggested(kind, status_label(by_then), status_label(status), criterion, told)
