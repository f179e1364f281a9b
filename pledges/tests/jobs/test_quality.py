"""The watch says how good it is: decisions replayed in time order, printed, stored each night, shown at the desk."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads
from pledges.jobs import backtest, profiles
from pledges.models import Lead, WatchQuality
from pledges.tests.support import factories
from pledges.watch.matching import matcher

pytestmark = pytest.mark.django_db
START = datetime(2024, 7, 1, 12, tzinfo=UTC)


class Scripted:
    """A watch that gives each article the probability that its title says, plus 0.2 where something was learned."""

    def __init__(self, made, _vocabulary):
        self.made = list(made)

    def match(self, title, _text, _language, *, threshold):
        return [
            matcher.Match(one.pledge, round(float(title) + (0.2 if one.learned else 0), 2), "", (), "", "")
            for one in self.made
        ]


@pytest.fixture
def scripted(monkeypatch):
    monkeypatch.setattr(profiles, "Watch", Scripted)


@pytest.fixture
def pledge(db):
    return factories.PublishedPledgeFactory(slug="harbour")


def decided(pledge, day, probability, reason="", decided_day=None, **fields):
    """A lead on an article found on a day after START, decided an hour later (or on another day)."""
    at = START + timedelta(days=day)
    lead = factories.LeadFactory(
        pledge=pledge, article__title=str(probability), article__found_at=at, raised_at=at, **fields
    )
    if reason:
        leads.dismiss_lead(lead=lead, by=factories.ReporterFactory(), reason=reason)
    else:
        leads.accept_lead(lead=lead, by=factories.ReporterFactory())
    when = START + timedelta(days=day if decided_day is None else decided_day, hours=1)
    Lead.objects.filter(pk=lead.pk).update(decided_at=when)
    return lead


def replay():
    return backtest.replay(now=timezone.now())


def test_figures_worked_out_by_hand(scripted, pledge):
    """Nothing is known on the first day; from the second on, 0.2 is added by what was learned."""
    decided(pledge, 0, 0.9)
    decided(pledge, 0, 0.6, "not_about")
    decided(pledge, 1, 0.4)  # 0.6 with learning
    decided(pledge, 1, 0.1, "not_about")  # 0.3
    decided(pledge, 2, 0.5, "nothing_new")  # 0.7; it was about the pledge
    total, mine = replay()
    assert (total.pledge, mine.pledge, mine.name) == (None, pledge.pk, "harbour")
    for found in (total, mine):
        assert (found.learned.relevant, found.learned.irrelevant) == (3, 2)
        assert (found.learned.right, found.learned.wrong) == (3, 1)
        assert (found.plain.right, found.plain.wrong) == (2, 1)
        assert found.learned.precision == pytest.approx(3 / 4)
        assert found.plain.recall == pytest.approx(2 / 3)
        # 0.1² + 0.6² + 0.4² + 0.3² + 0.3², and without learning 0.1² + 0.6² + 0.6² + 0.1² + 0.5²
        assert found.learned.brier == pytest.approx(0.71 / 5)
        assert found.plain.brier == pytest.approx(0.99 / 5)


def test_a_later_decision_teaches_nothing_earlier(scripted, pledge):
    decided(pledge, 0, 0.4, decided_day=9)
    decided(pledge, 5, 0.4, decided_day=9)
    decided(pledge, 9, 0.4, decided_day=9)  # the same day: what was decided since the morning does not count
    assert replay()[0].learned.right == 0
    decided(pledge, 10, 0.4)
    assert replay()[0].learned.right == 1


def test_what_says_nothing_of_aboutness_is_left_out(scripted, pledge):
    decided(pledge, 0, 0.9, "unreliable")
    decided(pledge, 0, 0.9, "other")
    factories.LeadFactory(pledge=pledge, article__title="0.9")
    (total,) = replay()
    assert (total.learned.pairs, total.learned.brier) == (0, None)


def test_what_people_found_by_hand_counts_as_missed(scripted, pledge):
    decided(pledge, 0, 0.9)
    article = factories.ArticleFactory(title="0.1", found_at=START)
    factories.UpdateFactory(pledge=pledge, evidence__url=article.url)
    total = replay()[0]
    assert (total.by_hand, total.learned.relevant, total.learned.right) == (1, 2, 1)
    assert total.learned.recall == 0.5


def test_the_real_watch_gains_from_feedback(pledge):
    noise = "A harbour fair opened with balloons, sausages and brass bands in Ecuador on Sunday."
    pledge = factories.PublishedPledgeFactory(
        slug="dredge", wording__title_en="Dredge the harbour of Manta", also_called_en=["harbour"]
    )
    for day in range(12):
        decided(pledge, day, "Harbour", "not_about", article__text=noise, sentence=noise)
    total = replay()[0]
    assert total.learned.brier < total.plain.brier
    assert total.learned.wrong < total.plain.wrong


# --- the command ----------------------------------------------------------------------------------------------------


def printed():
    out = io.StringIO()
    call_command("backtest", stdout=out)
    return out.getvalue()


def test_too_few_decisions_give_no_figure(scripted, pledge):
    decided(pledge, 0, 0.9)
    assert printed() == "1 decisions: too few to tell. 10 are the least.\n"


def test_the_command_prints_total_bands_and_pledges(scripted, pledge):
    for day in range(8):
        decided(pledge, day, 0.7)
    for day in range(4):
        decided(factories.PublishedPledgeFactory(slug=f"small-{day}"), day, 0.3, "not_about")
    said = printed()
    assert "12 decided pairs of article and pledge: 8 about the pledge (0 found by hand), 4 not." in said
    assert re.search(r"all, with learning +12 +1\.00 +1\.00", said)
    assert re.search(r"0\.8–1\.0 +7 +0\.90 +1\.00", said)
    assert re.search(r"small-0 +1 too few decisions to tell", said)


# --- at the desk ----------------------------------------------------------------------------------------------------


def shown(client, url):
    html = client.get(url).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_night_stores_it_and_the_desk_shows_it(client, scripted, pledge):
    for day in range(9):
        decided(pledge, day, 0.7)
    decided(pledge, 1, 0.6, "not_about")
    small = factories.PublishedPledgeFactory(wording__title_en="Pave the road")
    decided(small, 1, 0.6, "not_about")
    for _night in range(2):
        jobs.measure_watch.apply(throw=True)
    assert WatchQuality.objects.count() == 3
    total = WatchQuality.objects.get(pledge=None)
    assert (total.relevant, total.irrelevant, total.right, total.wrong) == (9, 2, 9, 2)
    client.force_login(factories.ReporterFactory())
    words = shown(client, reverse("admin:pledges_watchquality_changelist"))
    assert "9 of 11 leads that the watch raises are about their pledge: 82 in 100." in words
    assert "It finds 100 in 100 of what is known to matter, and misses 0 of 9." in words
    assert "Pave the road 1 too few decisions to tell" in words
    page = shown(client, reverse("admin:pledges_pledge_knowledge", args=[pledge.pk]))
    assert "9 of 10 leads that the watch raises are about their pledge: 90 in 100." in page


def test_before_the_first_night_the_page_says_so(client):
    client.force_login(factories.EditorFactory())
    words = shown(client, reverse("admin:pledges_watchquality_changelist"))
    assert "too few decisions to tell" in words
    assert "the first night is still to come" in words


def test_the_nightly_task_stands_in_the_schedule(settings):
    assert jobs.measure_watch.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
