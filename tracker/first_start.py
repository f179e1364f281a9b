"""What `make run` puts into a new tracker: the demonstration, or with EMPTY=1 an account and nothing else.

A tracker of one's own stays one: a later start without EMPTY=1 does not load the demonstration into it.
"""

import io
import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker import embedded

LOCAL_TIME = Path("/etc/localtime")  # on Linux a link into the folder of zones
USUAL_WORDS = {"1", "true", "yes", "on"}  # as `env_bool` of the settings reads them


def wants_empty() -> bool:
    """Whether EMPTY is set in the environment."""
    return os.environ.get("EMPTY", "").strip().lower() in USUAL_WORDS


def check_environment() -> None:
    """Raises SystemExit with what to do when TIME_ZONE names no time zone."""
    name = os.environ.get("TIME_ZONE")
    if name and not _is_zone(name):
        raise SystemExit(f"TIME_ZONE must name a time zone, such as America/Lima or Europe/Dublin, not {name!r}.")


def likely_zone() -> str:
    """The time zone that an earlier start has kept, else this machine's, else UTC."""
    _folder, _zoneinfo, of_machine = str(LOCAL_TIME.resolve()).partition("/zoneinfo/")
    names = (embedded.kept_time_zone(), os.environ.get("TZ", ""), of_machine)
    return next((name for name in names if name and _is_zone(name)), "UTC")


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, OSError, LookupError):
        return False


def prepare(url: str) -> str:
    """Bring the database up to date and load what belongs into it; returns the words to print once the site answers.

    Raises SystemExit for EMPTY=1 where the demonstration was loaded: published pledges are never deleted.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    call_command("prepare_database")
    demonstration = is_demonstration()
    if settings.EMPTY and demonstration:
        raise SystemExit(
            f"EMPTY=1, but the demonstration is in {embedded.STATE_DIR}. Nothing was changed or deleted there.\n"
            "For a tracker of your own name another folder:  make run EMPTY=1 STATE_DIR=my-tracker\n"
            "For the demonstration leave EMPTY=1 out:        make run"
        )
    own = settings.EMPTY or not (demonstration or is_untouched())
    said = io.StringIO()
    if own:
        settings.SAMPLE_NEWSWIRE = ""
        if settings.EMBEDDED:
            embedded.keep_time_zone(settings.TIME_ZONE)
            call_command("first_account", stdout=said)
    else:
        call_command("load_first_edition")
        if settings.EMBEDDED:
            call_command("demo_accounts", stdout=said)
    connections.close_all()
    return _welcome(url, said.getvalue().splitlines(), time_zone=settings.TIME_ZONE if own else "")


def is_demonstration() -> bool:
    """Whether the first data set was loaded into the database."""
    from pledges.management.commands import load_first_edition
    from pledges.models import Mandate, User

    data = json.loads(load_first_edition.DATA.read_text(encoding="utf-8"))
    slugs = {row["slug"] for row in data["mandates"]}
    loaded = Mandate.objects.filter(slug__in=slugs).count() == len(slugs)
    return loaded and User.objects.filter(username=load_first_edition.PUBLISHER).exists()


def is_untouched() -> bool:
    """Whether nobody has entered anything, nor has an account."""
    from pledges.models import Edition, Mandate, Newsroom, User

    entered = (Newsroom.objects, Mandate.objects, Edition.objects, User.objects.filter(is_staff=True))
    return not any(rows.exists() for rows in entered)


def _welcome(url: str, accounts: list[str], *, time_zone: str) -> str:
    first = [f"  Time zone      {time_zone} (another: make run TIME_ZONE=America/Lima)"] if time_zone else []
    lines = [
        "",
        f"  The tracker    {url}/",
        f"  The desk       {url}/admin/",
        *(f"                 {line}" for line in accounts),
        *first,
        "",
        "  Ctrl-C stops everything; what was entered stays in " + str(embedded.STATE_DIR),
        " ",
    ]
    return "\n".join(lines)
