"""A definition for readers of each status, timeliness and failure reason, as the methodology page shows them."""

from django.utils.translation import gettext_lazy as _

from pledges.domain.rules import FailureReason, Status, Timeliness

STATUSES = {
    Status.KEPT: _("What was promised has happened, by the criteria."),
    Status.PARTLY_KEPT: _("A substantial part has happened, and the rest is not under way."),
    Status.IN_PROGRESS: _("Steps that the criteria name have been taken; the outcome is still to come."),
    Status.STALLED: _("Nothing that the criteria name has moved for long, and nobody has withdrawn the pledge."),
    Status.BROKEN: _("It was dropped, barred, or made impossible, or the outcome is the opposite."),
    Status.NOT_STARTED: _("No step has been taken, and the time for it has not run out."),
    Status.UNCLEAR: _("It cannot be rated on what is known; the update says why."),
    Status.NOT_RATED: _("No update has been published yet."),
}
TIMELINESS = {
    Timeliness.OVERDUE: _("The last day of the deadline has passed, and the pledge is not kept."),
    Timeliness.DUE_SOON: _("The last day of the deadline is near, and the pledge is not kept yet."),
    Timeliness.AHEAD: _("The deadline lies further ahead."),
    Timeliness.KEPT_IN_TIME: _("It was kept on the last day of the deadline or before."),
    Timeliness.KEPT_LATE: _("It was kept, after the last day of the deadline."),
    Timeliness.NO_DEADLINE: _("The government set none. We set none for it."),
}
FAILURES = {
    FailureReason.WITHDRAWN: _("Whoever made the pledge took it back, in words or by an act."),
    FailureReason.BLOCKED: _("Somebody with the power to do so stopped it: a court, a parliament, a vote. We say who."),
    FailureReason.LAPSED: _("Nobody stopped it and nobody took it back: it was simply not done."),
    FailureReason.SUPERSEDED: _("Something else was done or promised in its place."),
    FailureReason.UNDER_DELIVERED: _("It was done, but less of it than was promised."),
}
