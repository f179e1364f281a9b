"""What is not published is nowhere on the public site: no word of it, and no count, ETag or picture that it changes.

Every address of the URL configuration outside of the desk is asked before and after the newsroom has entered drafts,
evidence, leads, candidates, comments, alerts and accounts, with a marker in every text of theirs.
"""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.cache import caches
from django.db import DatabaseError, models, transaction
from django.urls import reverse, translate_url
from django.utils import timezone

from pledges.actions import edition_snapshots, pledge_corrections, publishing, retraction, scheduling, withdrawal
from pledges.domain import process_cache
from pledges.models import Alert, Edition, Pledge, Source, Update
from pledges.tests.support import every_address, factories

pytestmark = pytest.mark.django_db
MARKER = "zqleak"
RARE = "ornithorhynchus"  # in every long text of a draft: what a search must not know
PICTURES = (".png", ".zip")
# Rows that the public never sees, with the fields whose texts are marked: all, unless they are named.
PRIVATE = {
    "pledge": lambda rows: rows.filter(slug__startswith=MARKER),
    "wording": lambda rows: rows.exclude(state="published"),
    "update": lambda rows: rows.exclude(state="published"),
    "evidence": lambda rows: rows.exclude(update__state="published"),
    "withdrawal": lambda rows: rows.exclude(state="published"),
    "retraction": lambda rows: rows.exclude(state="published"),
    "pledgecorrection": lambda rows: rows.exclude(state="published"),
    "user": lambda rows: rows.filter(username__startswith=MARKER),
    **dict.fromkeys(
        (
            "comment",
            "lead",
            "article",
            "revision",
            "intake",
            "candidate",
            "alert",
            "delivery",
            "destination",
            "capture",
        ),
        lambda rows: rows.order_by("-pk")[:20],
    ),
}
# Asked with parameters as well.
QUERIES = {
    "pledges": (
        "",
        "?q=prison",
        f"?q={RARE[:-2]}s",
        "?status=in_progress&sort=changed",
        "?on=2024-06-01",
        "?edition=1",
    ),
    "pledges_json": ("", "?q=prison"),
    "compare": ("?mandate=noboa-2023&mandate=noboa-2025&day=100",),
    "changes": ("", "?from=2023-01-01&to=2026-06-30"),
    "embed": ("?url=/en/pledges/new-prisons/",),
    "oembed": ("?url=http://testserver/en/pledges/new-prisons/",),
    "alert": ("?pledge=new-prisons",),
    "api:search": ("?q=prison", f"?q={RARE[:-2]}s"),
    "api:list_changes": ("", "?from_edition=0&to_edition=1"),
}
CALLS = (
    ("search_pledges", {"query": "prison"}),
    ("search_pledges", {"query": f"{RARE[:-2]}s"}),
    ("get_pledge", {"pledge": "new-prisons"}),
)


def urls(languages: tuple[str, ...], *, pictures: bool) -> list[str]:
    """Every public address with something to show, and such as show nothing."""
    found = []
    for language in languages:
        for address in every_address.walk():
            path = every_address.path_of(address, {}, language) if not address.is_of_the_desk else ""
            if path and address.name not in {"live", "ready"} and (pictures or not path.endswith(PICTURES)):
                found += [f"{path}{query}" for query in QUERIES.get(address.name, ("",))]
        found.append(f"/{language}/nothing-here/")
    return sorted({*found, *(f"/sitemap-{section}.xml" for section in ("pages", "pledges", "mandates", "editions"))})


def crawl(client, asked: list[str]) -> dict[str, tuple]:
    """(status, headers, body) of each, made anew; and what the assistants' tools answer."""
    for cache in caches.all():
        cache.clear()
    process_cache.reset()
    answers = {}
    for url in asked:
        response = client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        kept = {name: response.get(name) for name in ("ETag", "Last-Modified", "Link", "Content-Type", "Location")}
        answers[url] = response.status_code, kept, texts(body)
    for tool, arguments in CALLS:
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
        headers = {"Accept": "application/json, text/event-stream"}
        response = client.post("/mcp", json.dumps(call), content_type="application/json", headers=headers)
        answers[f"{tool} {arguments}"] = response.status_code, {}, texts(response.content)
    return answers


def texts(body: bytes) -> bytes:
    """What can be read of an answer: of an archive all its files. Without what each request has of its own."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return b"\n".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))
    return re.sub(rb'(name="csrfmiddlewaretoken" value=|<updated>|"as_of": ?|DTSTAMP:)[^\s<,]*', b"", body)


def enter() -> None:
    """One of everything that the newsroom enters and has not published."""
    now = timezone.now()
    author = factories.ReporterFactory(username=f"{MARKER}-reporter")
    pledge, other = Pledge.objects.get(slug="new-prisons"), Pledge.objects.get(slug="reduce-violence")
    draft = factories.UpdateFactory(
        pledge=pledge, author=author, status="kept", evidence__capture=factories.CaptureFactory()
    )
    waiting = factories.UpdateFactory(pledge=other, author=author, status="kept")
    publishing.submit_for_review(item=waiting, by=author)
    draft.comments.create(author=author, text="Is this so?")
    factories.PledgeFactory(slug=f"{MARKER}-pledge", wording__author=author, mandate=pledge.mandate, topics=[])
    published = Update.objects.filter(state="published", correction=None, withdrawal=None)
    publishing.start_correction(update=published.filter(pledge=pledge).first(), by=author)
    withdrawal.start_withdrawal(update=published.filter(pledge=pledge).last(), by=author, to=other)
    retraction.start_retraction(pledge=pledge, by=author)
    pledge_corrections.start_pledge_correction(pledge=pledge, by=author)
    article = factories.ArticleFactory(source=Source.objects.first())
    factories.LeadFactory(pledge=pledge, article=article)
    factories.CandidateFactory(intake__mandate=pledge.mandate, intake__added_by=author)
    factories.DeliveryFactory(destination__added_by=author)
    Alert.objects.create(email="a@example.org", language="en", kind="pledge", query="new-prisons", created_at=now)


def mark() -> set[str]:
    """Put the marker into every text of the private rows that takes it; returns which, as model.field."""
    marked = set()
    for name, choose in PRIVATE.items():
        model = apps.get_model("pledges", name)
        ids = list(choose(model._default_manager.all()).values_list("pk", flat=True))
        for field in model._meta.concrete_fields:
            if ids and (text := marker_of(field)):
                try:
                    with transaction.atomic():
                        model._default_manager.filter(pk__in=ids).update(**{field.name: text})
                    marked.add(f"{name}.{field.name}")
                except DatabaseError:  # it may not have just any text
                    continue
    return marked


def marker_of(field: models.Field) -> object:
    """A value with the marker for a field; "" if it takes no text, or has to be something that people choose."""
    if isinstance(field, ArrayField) and isinstance(field.base_field, models.CharField):
        return [MARKER]
    if isinstance(field, models.JSONField):
        return {MARKER: f"{MARKER} {RARE}"}
    if isinstance(field, models.URLField) or field.name in ("url", "address"):
        return f"https://{MARKER}.example/{RARE}"
    if isinstance(field, models.EmailField):
        return f"{MARKER}@{RARE}.example"
    if (
        isinstance(field, models.SlugField)
        or not isinstance(field, models.CharField | models.TextField)
        or field.choices
    ):
        return ""
    if field.name in ("username", "password", "language", "sha256", "kind", "query", "token", "state"):
        return ""
    return f"{MARKER} {RARE}"[: field.max_length]


def check(client, asked: list[str]) -> None:
    """Nothing is in the answers, and nothing in them changes, when the newsroom enters what it does not publish."""
    if not Source.objects.exists():
        factories.SourceFactory()
    edition_snapshots.make(Edition.objects.get())
    before = crawl(client, asked)
    enter()
    marked = mark()
    after = crawl(client, asked)
    assert marked > {"update.text_en", "update.text_es", "evidence.sentence", "evidence.url", "wording.title_en"}
    assert marked > {"lead.sentence", "article.text", "candidate.sentence", "intake.text", "alert.email", "user.email"}
    # The page about the watch says how many articles were read, and how many leads came of them.
    counting = {reverse("watch"), translate_url(reverse("watch"), "es")}
    leaks = [url for url, (_status, headers, body) in after.items() if MARKER in f"{headers}{body!r}".lower()]
    known = [url for url, (_status, _headers, body) in after.items() if RARE.encode() in body.lower()]
    changed = [url for url in before if before[url] != after[url] and url not in counting]
    assert not leaks + known, "a text that is not published"
    assert not changed, "what is not published changes it"
    assert sum(status == 200 for status, _headers, _body in after.values()) > 0.8 * len(asked)


@pytest.fixture
def open_site(settings):
    settings.API_REQUESTS_PER_MINUTE = 0


def test_what_is_not_published_changes_no_word_no_count_and_no_etag(first_edition, open_site, client):
    check(client, urls(("en",), pictures=False))


def test_on_every_page_of_both_languages_and_in_every_picture_and_archive(first_edition, open_site, client):
    check(client, urls(("en", "es"), pictures=True))


def test_a_pledge_that_is_not_published_is_as_one_that_is_not_there(first_edition, open_site, client):
    """By its own address, and by each address that is made of it."""
    factories.PledgeFactory(slug="draft-harbour", wording__title_en="Mend the harbour")
    about = [
        address for address in every_address.walk() if address.own_name.startswith(("pledge_", "pledge", "get_pledge"))
    ]
    for address in about:
        if "slug" in address.parameters and not address.is_of_the_desk:
            path = every_address.path_of(address, {})
            real, none = (client.get(path.replace("new-prisons", slug)) for slug in ("draft-harbour", "draft-harbouq"))
            assert real.status_code == none.status_code == 404, path
            assert real.content.replace(b"draft-harbour", b"draft-harbouq") == none.content, path


def test_a_search_knows_no_word_of_a_draft(first_edition, open_site, client):
    pledge = Pledge.objects.get(slug="new-prisons")
    factories.UpdateFactory(pledge=pledge, text_en=f"The {RARE} was built.", happened_on=timezone.localdate())
    for where in ("/en/pledges/", "/en/pledges.json", "/api/v1/search", "/en/pledges/feed/"):
        known, unknown = (client.get(where, {"q": word}) for word in (RARE, "ornithorhynchuz"))
        assert known.status_code == unknown.status_code
        same = known.content.replace(RARE.encode(), b"ornithorhynchuz")
        assert texts(same) == texts(unknown.content), where
        assert RARE.encode() not in client.get(where, {"q": RARE[:-2] + "s"}).content


def test_a_scheduled_update_is_not_there_before_its_time(first_edition, open_site, client):
    pledge = Pledge.objects.get(slug="new-prisons")
    before = crawl(client, ["/en/pledges/new-prisons/", "/en/pledges/new-prisons/feed/", "/api/v1/changes"])
    update = factories.UpdateFactory(pledge=pledge, text_en=f"{MARKER} soon.", author=factories.ReporterFactory())
    at = timezone.now() + timedelta(hours=1)
    scheduling.schedule(item=update, by=factories.EditorFactory(), at=at)
    assert Update.objects.get(pk=update.pk).publish_at == at
    assert crawl(client, [url for url in before if url.startswith("/")]) == before
