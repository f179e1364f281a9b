"""Every public page, by a name: what a test or a bench opens when it says "every page". A new page has a line here."""

from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from pledges.actions import publishing, retraction
from pledges.domain.weeks import Week
from pledges.models import Update
from pledges.tests.support import factories

# (name for people, name of the address, its arguments, what is asked for), of the first data set and one correction.
PAGES = [
    ("home", "home", [], ""),
    ("home, of another mandate", "home", [], "?mandate=noboa-2023"),
    ("pledges", "pledges", [], ""),
    ("pledges, nothing found", "pledges", [], "?q=dinosaurs&status=banana"),
    ("pledges, a search with a slip", "pledges", [], "?q=prisson+ships"),
    ("pledges, chosen", "pledges", [], "?q=prison&status=broken&status=in_progress&since=2024-01-01&headline=yes"),
    ("pledges, too much chosen", "pledges", [], "?status=broken&topic=jobs&deadline=overdue"),
    ("pledge in progress", "pledge", ["new-prisons"], ""),
    ("pledge with a correction", "pledge", ["reduce-violence"], ""),
    ("pledge in a frame", "pledge_embed", ["new-prisons"], ""),
    ("mandates", "mandates", [], ""),
    ("mandate of before", "mandate", ["noboa-2023"], ""),
    ("mandate", "mandate", ["noboa-2025"], ""),
    ("indicators", "indicators", [], ""),
    ("indicator of several sources", "indicator", ["homicides-per-year"], ""),
    ("indicator of one source", "indicator", ["adequate-employment"], ""),
    ("mandate as of a day", "mandate", ["noboa-2023"], "?on=2024-06-01&sort=deadline"),
    ("mandates compared", "compare", [], "?mandate=noboa-2023&mandate=noboa-2025&day=100"),
    ("news by e-mail", "alert", [], "?topic=prisons&q=prison"),
    ("news by e-mail, asked", "alert_asked", [], ""),
    ("methodology", "methodology", [], ""),
    ("about the watch", "watch", [], ""),
    ("data and feeds", "data", [], ""),
    ("reference of the API", "api", [], ""),
    ("accessibility", "accessibility", [], ""),
    ("contact", "contact", [], ""),
    ("a day that cannot be shown", "home", [], "?on=2999-01-01"),
    ("corrections", "corrections", [], ""),
    ("editions", "editions", [], ""),
    ("edition", "edition", [1], ""),
    ("changes between days", "changes", [], "?from=2025-05-23&to=2026-06-30"),
    ("changes between editions", "changes", [], "?from_edition=1&to_edition=2"),
    ("changes, none", "changes", [], "?from=2023-01-01&to=2023-01-02"),
    ("this week", "this_week", [], ""),
    ("week before the first edition", "week", [Week(2024, 1)], ""),
]


def make_rows() -> None:
    """What they show: the first data set and one correction."""
    call_command("load_first_edition", verbosity=0)
    update = Update.objects.filter(pledge__slug="reduce-violence").earliest("happened_on")
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(
        text_en=draft.text_en.replace("not closed and", "not closed, and"),
        text_es=draft.text_es.replace("no ha cerrado y", "no ha cerrado, y"),
        correction_note_en="A comma was missing.",
        correction_note_es="Faltaba una coma.",
    )
    publishing.publish(Update.objects.get(pk=draft.pk), by=factories.EditorFactory())


def retract_one() -> dict[str, tuple]:
    """One pledge more, which was retracted: its page (a 410), as {name: (name of the address, its arguments)}."""
    pledge = factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", text_en="The harbour stands.")
    draft = retraction.start_retraction(pledge=pledge, by=factories.EditorFactory())
    draft.note_en, draft.note_es = "It was said by somebody else.", "Lo dijo otra persona."
    draft.save()
    publishing.publish(draft, by=factories.PublisherFactory())
    return {"retracted pledge": ("pledge", ["harbour"])}


def addresses(language: str) -> dict[str, str]:
    """The paths of all of them in a language, and one where there is nothing (a 404)."""
    with translation.override(language):
        found = {name: f"{reverse(route, args=args)}{query}" for name, route, args, query in PAGES}
    return {**found, "not found": f"/{language}/nothing-here/"}
