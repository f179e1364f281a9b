"""The first steps in an empty tracker, on the desk's first page until all are done.

What is done follows from the data: nothing is stored about the steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from pledges.domain.time_zones import zones_of
from pledges.models import Intake, Mandate, Newsroom, Pledge, Source, State, Topic, User, Wording

# In the query of a form's address: after it is saved, the desk's first page comes again.
MARK = "first-step"


@dataclass(frozen=True)
class Step:
    """A step: what to do and why, whether it is done, and the links to its forms as (label, address).

    `command` is what to type where no form can do it.
    """

    label: str
    why: str
    done: bool
    links: Sequence[tuple[str, str]] = ()
    command: str = ""


def steps(user: User) -> list[Step]:
    """The steps, with the links that this person may follow. None once all are done, or if this person can do none."""
    found = [replace(step, links=[] if step.done else step.links) for step in _steps(user)]
    left = [step for step in found if not step.done]
    return found if any(step.links for step in left) else []


def _steps(user: User) -> Iterator[Step]:
    newsroom = Newsroom.objects.first()
    rows = {
        "mandate": Mandate.objects.all(),
        "topic": Topic.objects.all(),
        "pledge": Pledge.objects.all(),
        "public": Wording.objects.filter(state=State.PUBLISHED),
        "source": Source.objects.filter(active=True, sample=False),
    }
    has: Any = User.objects.filter(pk=user.pk).values(**{name: Exists(each) for name, each in rows.items()}).get()

    def links(label: str, name: str, permission: str, *args: object) -> list[tuple[str, str]]:
        if not user.has_perm(f"pledges.{permission}"):
            return []
        return [(label, f"{reverse(f'admin:pledges_{name}', args=args)}?{MARK}=1")]

    yield Step(
        _("Name the newsroom"),
        _("Its name, country and language stand on every page. A colour and a logo can follow."),
        newsroom is not None,
        links(_("Enter the newsroom"), "newsroom_add", "add_newsroom"),
    )
    yield _time_zone(newsroom, settled=has["public"])
    yield Step(
        _("Enter the mandate"),
        _("Who promised, for which office, and from which day: pledges are counted by mandate."),
        has["mandate"],
        links(_("Enter the mandate"), "mandate_add", "add_mandate"),
    )
    yield Step(
        _("Enter a first topic"),
        _("Every pledge stands under at least one, such as health or schools."),
        has["topic"],
        links(_("Enter a topic"), "topic_add", "add_topic"),
    )
    document = None if has["pledge"] else Intake.objects.only("pk").first()
    yield Step(
        _("Take the first pledge from a speech"),
        _("Paste a speech or a programme, or give its address. You choose among the sentences that promise something."),
        has["pledge"],
        links(_("Choose among its pledges"), "intake_change", "decide_candidate", document.pk)
        if document
        else links(_("Read a document"), "intake_add", "add_intake"),
    )
    draft = None if has["public"] else Wording.objects.exclude(state=State.PUBLISHED).only("pk").first()
    yield Step(
        _("Decide who publishes"),
        _("Whoever wrote a pledge does not publish it: invite a second person. If you are alone, turn this rule off."),
        _has_second_person(newsroom),
        [
            *links(_("Invite somebody"), "user_add", "add_user"),
            *(links(_("I work alone"), "newsroom_change", "change_newsroom", 1) if newsroom else []),
        ],
    )
    yield Step(
        _("Publish the first pledge"),
        _("Write what would count as kept and as broken, look at the preview, and publish it."),
        has["public"],
        links(_("Open the draft"), "wording_change", "change_wording", draft.pk) if draft else [],
    )
    yield Step(
        _("Watch the news"),
        _("Give the site of a newspaper or an agency. What it reports on your pledges comes into the inbox."),
        has["source"],
        links(_("Find a source"), "source_add", "add_source"),
    )


def _time_zone(newsroom: Newsroom | None, *, settled: bool) -> Step:
    """The time zone, which only who starts the tracker can set; once something is public, its days are settled."""
    here, zones = settings.TIME_ZONE, zones_of(newsroom.country) if newsroom else []
    why = _("Days begin and end by it. Now it is %(zone)s, where it is %(time)s.") % {
        "zone": here,
        "time": time_format(timezone.localtime(), "H:i"),
    }
    command = ""
    if zones and here not in zones:
        why += " " + _("Whoever runs the tracker changes it before the first publication:")
        command = f"make run TIME_ZONE={zones[0]}" if settings.EMBEDDED else f"TIME_ZONE={zones[0]}"
    return Step(_("Check the time zone"), why, settled or here in zones, command=command)


def _has_second_person(newsroom: Newsroom | None) -> bool:
    """Whether two people can publish wordings, or one may alone."""
    if newsroom is not None and not newsroom.two_person_rule:
        return True
    may = Q(groups__permissions__codename="publish_wording") | Q(is_superuser=True)
    people = User.objects.filter(may, is_active=True, is_staff=True)
    return people.values("pk").distinct().count() > 1
