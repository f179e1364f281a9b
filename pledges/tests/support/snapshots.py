"""A record in which everything happened that a snapshot has to tell apart, and what a snapshot of it contains."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pledges import models
from pledges.actions import edition_snapshots, pledge_corrections, publishing, retraction, withdrawal
from pledges.tests.support import factories


@dataclass
class Record:
    """The record, with the numbers of some of its editions."""

    harbour: models.Pledge
    update: models.Update
    first: int  # the pledge, its update, a figure and the licence
    last: int  # the newest edition


def make_record() -> Record:
    """A pledge with an update that is corrected and one that is withdrawn, whose topic and address change; a topic that
    is renamed, a figure that is revised, a pledge that is retracted, and drafts, which nobody may see, though the
    indicator names one."""
    editor, publisher = factories.EditorFactory(byline="Elena"), factories.PublisherFactory()
    topic = factories.TopicFactory(slug="ports", name_en="Ports", name_es="Puertos")
    police = factories.InstitutionFactory(slug="police", name_en="=Police")
    harbour = factories.PledgeFactory(slug="harbour", wording__title_en="Mend the harbour", topics=[topic])
    harbour.institutions.add(police)
    newsroom = factories.NewsroomFactory(
        data_licence="CC BY 4.0", data_licence_url="https://creativecommons.org/licenses/by/4.0/"
    )
    indicator = factories.IndicatorFactory(slug="ships")
    figure = factories.ObservationFactory(indicator=indicator, value=Decimal("7.25"))
    rows = (newsroom, topic, police, harbour.mandate, harbour.source_document, indicator)
    publishing.publish(harbour.wordings.get(), by=editor, also=[*rows, figure])
    capture = factories.CaptureFactory()
    update = factories.UpdateFactory(pledge=harbour, evidence__sentence="-Work\nbegan.", evidence__capture=capture)
    first = publishing.publish(update, by=editor).number

    secret = factories.PledgeFactory(slug="secret", wording__title_en="A hidden one")
    indicator.pledges.add(harbour, secret)
    publishing.record_change(indicator, by=editor)
    topic.name_en = "Harbours"
    topic.save()
    publishing.record_change(topic, by=editor)
    other = factories.TopicFactory(slug="sea")
    publishing.record_change(other, by=editor)
    harbour.topics.set([other])
    publishing.record_change(harbour, by=editor)
    factories.ObservationFactory(indicator=indicator, value=Decimal(8))
    publishing.record_change(indicator, by=editor)

    correction = publishing.start_correction(update=update, by=factories.ReporterFactory())
    correction.status, correction.correction_note_en = "stalled", "It had stopped."
    correction.failure_reason, correction.reason_detail_en = "blocked", "By a court."
    correction.save()
    publishing.publish(correction, by=editor)
    wrong = factories.PublishedUpdateFactory(pledge=harbour, status="kept", published_by=editor)
    takes_back = withdrawal.start_withdrawal(update=wrong, by=factories.ReporterFactory())
    takes_back.note_en = "It was another harbour."
    takes_back.save()
    publishing.publish(takes_back, by=editor)
    moved = pledge_corrections.start_pledge_correction(pledge=harbour, by=factories.ReporterFactory())
    moved.slug, moved.made_on, moved.note_en = "port", date(2023, 12, 5), "It was the day before."
    moved.save()
    publishing.publish(moved, by=editor)
    rumour = factories.PublishedPledgeFactory(slug="rumour", wording__title_en="A rumour", mandate=harbour.mandate)
    factories.PublishedUpdateFactory(pledge=rumour, text_en="Rumoured.")
    indicator.pledges.add(rumour)
    publishing.record_change(indicator, by=editor)
    takes_back = retraction.start_retraction(pledge=rumour, by=editor)
    takes_back.note_en = "Never said."
    takes_back.save()
    last = publishing.publish(takes_back, by=publisher).number

    factories.UpdateFactory(pledge=harbour, text_en="A draft.")
    return Record(harbour, update, first, last)


def make(number: int) -> models.EditionSnapshot:
    """The stored snapshot of an edition."""
    edition = models.Edition.objects.get(number=number)
    assert edition_snapshots.make(edition)
    return models.EditionSnapshot.objects.get(edition=edition)


def files(body: bytes) -> dict[str, bytes]:
    """The files in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(bytes(body))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(body: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a table, from its CSV."""
    return list(csv.DictReader(io.StringIO(files(body)[f"data/{name}.csv"].decode(), newline="")))
