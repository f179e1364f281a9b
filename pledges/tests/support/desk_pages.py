"""Every page of the desk: rows that give each something to show, and the addresses found by asking the admin itself."""

from datetime import date, timedelta

from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from pledges.actions import intake, leads, pledge_corrections, publishing, retraction, withdrawal
from pledges.domain.messages import deferred_message
from pledges.jobs.source_finder import Find, Probed, as_data
from pledges.models import (
    AddressLookup,
    Alert,
    Article,
    Candidate,
    Digest,
    Indicator,
    Lead,
    Pledge,
    Preservation,
    Revision,
    Source,
    Story,
    Update,
    User,
    WatchQuality,
    Withdrawal,
    Wording,
)
from pledges.tests.support import factories

LONG = "Extraordinariamente-largo-y-sin-espacios-" * 2


def make_rows(by: User) -> None:
    """One row at least of all that the desk shows, beside the first data set; `by` has submitted nothing of it."""
    now = timezone.now()
    reporter = factories.ReporterFactory()
    pledge = Pledge.objects.get(slug="new-prisons")
    _leads(pledge, by)
    _document(pledge, by)
    _lookups(by)
    _destinations()
    draft = factories.UpdateFactory(pledge=pledge, author=reporter, text_es="")
    waiting = factories.UpdateFactory(pledge=pledge, author=reporter, evidence__title=LONG)
    publishing.submit_for_review(item=waiting, by=reporter)
    publishing.submit_for_review(item=draft, by=reporter)
    publishing.send_back(item=draft, by=by, note="The date is missing.")
    publishing.start_correction(update=Update.objects.filter(pledge=pledge, state="published").first(), by=reporter)
    factories.PledgeFactory(wording__author=reporter)
    retraction.start_retraction(pledge=pledge, by=reporter)
    other = Pledge.objects.get(slug="reduce-violence")
    told = Update.objects.filter(pledge=pledge, state="published").exclude(correction__isnull=False).first()
    withdrawal.start_withdrawal(update=told, by=reporter, to=other)
    pledge_corrections.start_pledge_correction(pledge=pledge, by=reporter)

    page = factories.SourceFactory(
        kind=Source.Kind.PAGE, name="Agenda", selector="main", moved_from="http://old.example/"
    )
    page.moved_at = now
    page.save()
    for days, text in ((2, "One line.\nOld line."), (1, f"One line.\nNew line.\n{LONG}")):
        page.snapshots.create(capture=factories.CaptureFactory(), taken_at=now - timedelta(days=days), text=text)
    indicator = Indicator.objects.filter(observations__isnull=False).first()
    columns = {"period_column": "Year", "value_column": "Value"}
    figures = factories.SourceFactory(
        kind=Source.Kind.DATA, name="Yearly table", indicator=indicator, series="police", **columns
    )
    factories.ObservationFactory(
        indicator=indicator,
        imported_from=figures,
        starts_on=date(2030, 1, 1),
        ends_on=date(2030, 12, 31),
        period="2030",
    )
    factories.SourceFactory(
        name="A feed that fails",
        failing_since=now - timedelta(days=3),
        failures=9,
        failure=f"No site called {LONG}.example was found: check the address, or this server's connection.",
    )
    gone = {"gone_at": now, "failing_since": now, "failure": "Gone.", "failures": 1}
    factories.SourceFactory(name="A feed that is gone", active=False, **gone)

    rows = Preservation.objects.all()
    if not rows:
        pieces = Update.objects.filter(state="published", evidence__isnull=False)[:3]
        rows = [Preservation.objects.create(evidence=update.evidence.first()) for update in pieces]
    for row, fields in zip(
        rows,
        (
            {"dead_since": now, "failing_since": now, "failure": "The site answers that the page is gone (410)."},
            {"capture": factories.CaptureFactory(), "sentence_at": 4, "checked_at": now},
            {"archive_url": "https://archive.example/1", "archived_at": now, "checked_at": now},
        ),
        strict=False,
    ):
        Preservation.objects.filter(pk=row.pk).update(**fields)
    Alert.objects.create(email=f"{LONG[:60]}@news.example".lower(), language="en", kind="week", created_at=now)
    Digest.objects.get_or_create(day=now.date(), defaults={"text": f"1 source fails:\n{LONG}", "sent_at": now})
    for about in (None, pledge):
        counts = {"relevant": 12, "irrelevant": 9, "right": 10, "wrong": 2, "brier": 0.1}
        plain = {"plain_right": 9, "plain_wrong": 4, "plain_brier": 0.2}
        bands = {"band_pairs": [6, 2, 2, 3, 8], "band_relevant": [0, 1, 1, 2, 8]}
        bands["band_means"] = [0.1, 0.3, 0.5, 0.7, 0.9]
        WatchQuality.objects.update_or_create(pledge=about, defaults={"measured_at": now, **counts, **plain, **bands})


def _destinations() -> None:
    """One that works and one that fails, with a delivery of each state."""
    now = timezone.now()
    fails = {"failing_since": now, "failure": "The receiver answers with the error 500."}
    works = factories.DestinationFactory(name=LONG[:100], last_sent_at=now)
    factories.DeliveryFactory(destination=works, state="sent", sent_at=now, next_attempt_at=None, attempts=1)
    failing = factories.DestinationFactory(name="A receiver that fails", **fails)
    factories.DeliveryFactory(destination=failing, attempts=2, failure=fails["failure"])
    factories.DeliveryFactory(
        destination=failing, state="dead", next_attempt_at=None, attempts=10, failure=fails["failure"]
    )


def _lookups(by: User) -> None:
    """One that waits, and one that is done."""
    now = timezone.now()
    told = deferred_message("The usual places are tried: %(address)s…", address=f"https://example.org/{LONG}")
    AddressLookup.objects.create(address="https://example.org/", asked_by=by, asked_at=now, progress=told)
    feed = Find("feed", f"https://example.org/{LONG}", LONG, "en", 2, ((LONG, now), ("Without a day", None)))
    page = Find("page", "https://example.org/", "Example", "es", excerpt=LONG)
    broken = Find(
        "gdelt",
        "https://example.org/gdelt",
        "GDELT",
        problem=deferred_message("There is nothing here that can be read."),
    )
    found = Probed("https://example.org/", "Example", (feed, page, broken), told)
    AddressLookup.objects.create(
        address="https://example.org/", asked_by=by, asked_at=now, found=as_data(found), done_at=now
    )


def _leads(pledge: Pledge, by: User) -> None:
    told = factories.LeadFactory(pledge=pledge, article__title="Walls of the prison")
    leads.dismiss_lead(lead=told, by=by, reason="nothing_new")
    snoozed = factories.LeadFactory(pledge=pledge, article__title="Roof of the prison")
    leads.snooze_lead(lead=snoozed, by=by, until=timezone.localdate() + timedelta(days=2))
    lead = factories.LeadFactory(pledge=pledge, article__title=f"Work on the prison begins {LONG}")
    story = Story.objects.create(opened_at=timezone.now())
    Article.objects.filter(pk=lead.article_id).update(story=story)
    Revision.objects.create(
        article=lead.article,
        found_at=timezone.now(),
        title_before=f"Work on the prison is debated {LONG}",
        title=lead.article.title,
        text_before=f"As it was. {LONG}",
    )
    for number in range(3):
        factories.ArticleFactory(story=story, publisher=f"Outlet {number}")
    pledge.watch_terms.create(language="en", rule="never", phrase="prison break film")


def _document(pledge: Pledge, by: User) -> None:
    text = f"We will build it. We will build it again. {LONG} We will pay for it.\nThank you. " * 3
    failed = {"second_look": "failed", "second_look_problem": "late"}
    document = factories.IntakeFactory(title=LONG, text=text, url=f"https://example.org/{LONG}", **failed)
    sentences = ("We will build it.", "We will build it again.", f"{LONG} We will pay for it.")
    rows = [factories.CandidateFactory(intake=document, sentence=one, action=one, alike=pledge) for one in sentences]
    factories.CandidateFactory(intake=document, sentence="Thank you.", action=LONG, state="passed", why_not="vague")
    factories.CandidateFactory(intake=document, sentence="We will build it.", kind="conditional", plain_confidence=0.5)
    intake.dismiss_candidates(intake=document, by=by, candidates=[rows[0].pk])
    rows[1].pledge, rows[1].state = pledge, "taken"
    rows[1].decided_by, rows[1].decided_at = by, timezone.now()
    rows[1].save()


def addresses(user: User) -> dict[str, str]:
    """Every page that `user` may open with GET, by a name: `lead`, `lead add`, `lead 3`, `lead 3 history`, …

    They come from the admin's own registry, so that a new model cannot be forgotten.
    """
    request = RequestFactory().get("/")
    request.user = user
    found = {"index": reverse("admin:index"), "password": reverse("admin:password_change")}
    for model, shown in admin.site._registry.items():
        if model._meta.app_label != "pledges" or not shown.has_view_or_change_permission(request):
            continue
        name, route = model._meta.model_name, f"admin:pledges_{model._meta.model_name}_%s"
        found[name] = reverse(route % "changelist")
        if shown.has_add_permission(request):
            found[f"{name} add"] = f"{reverse(route % 'add')}"
        if row := shown.get_queryset(request).first():
            if shown.has_view_or_change_permission(request, row):
                found[f"{name} one"] = reverse(route % "change", args=[row.pk])
                found[f"{name} history"] = reverse(route % "history", args=[row.pk])
            if shown.has_delete_permission(request, row):
                found[f"{name} delete"] = reverse(route % "delete", args=[row.pk])
    pledge = Pledge.objects.get(slug="new-prisons")
    indicator = Indicator.objects.filter(observations__isnull=False).first()
    more = {
        "pledge knowledge": ("pledge_knowledge", pledge.pk),
        "mandate closing": ("mandate_close", pledge.mandate_id),
        "searches": ("source_searches", pledge.pk),
        "new-prisons": ("pledge_change", pledge.pk),
        "lead open": ("lead_change", Lead.objects.filter(state="open").first().pk),
        "lead merge": ("lead_merge", Lead.objects.filter(state="open").first().pk),
        "lead move": ("lead_move", Lead.objects.filter(state="open").first().pk),
        "figures": ("indicator_figures", indicator.pk),
        "indicator with figures": ("indicator_change", indicator.pk),
        "changes": ("source_changes", Source.objects.get(name="Agenda").pk),
    }
    more |= {f"source {kind}": ("source_change", _first(Source, kind=kind)) for kind in ("page", "data", "feed")}
    more |= {
        f"update {state}": ("update_change", _first(Update, state=state)) for state in ("draft", "review", "published")
    }
    more |= {f"wording {state}": ("wording_change", _first(Wording, state=state)) for state in ("draft", "published")}
    more |= {f"preview {state}": ("update_preview", _first(Update, state=state)) for state in ("draft", "review")}
    more |= {"preview wording": ("wording_preview", _first(Wording, state="draft"))}
    more |= {"preview withdrawal": ("withdrawal_preview", _first(Withdrawal))}
    more |= {"update moved there": ("update_change", _first(Update, moved_by__isnull=False))}
    told = _first(Update, state="published", correction=None, withdrawal=None)
    if user.has_perm("pledges.add_withdrawal"):
        more |= {"update move": ("update_move", told)}
    more["correction"] = ("update_change", _first(Update, corrects__isnull=False))
    found |= {name: reverse(f"admin:pledges_{route}", args=[pk]) for name, (route, pk) in more.items() if pk}
    together = {"many submitted": ("submit", "update", "submit_update")}
    together |= {f"many {kind}s reviewed": ("review", kind, f"publish_{kind}") for kind in ("update", "wording")}
    for name, (route, kind, permission) in together.items():
        rows = (Update if kind == "update" else Wording).objects.exclude(state="published").order_by("pk")[:5]
        if user.has_perm(f"pledges.{permission}"):
            ids = ",".join(str(row.pk) for row in rows)
            found[name] = f"{reverse(f'admin:pledges_{kind}_{route}_many')}?ids={ids}"
    if user.has_perm("pledges.change_newsroom"):
        found["tracker closing"] = reverse("admin:pledges_newsroom_close")
    if not user.has_perm("pledges.change_indicator"):
        del found["figures"]
    if user.has_perm("pledges.add_source"):
        find = reverse("admin:pledges_source_find")
        for name, done in (("waiting", False), ("done", True)):
            row = AddressLookup.objects.filter(done_at__isnull=not done).first()
            found[f"source find {name}"] = f"{find}?lookup={row.pk}"
        found["source add long"] = f"{reverse('admin:pledges_source_add')}?by_hand=1"
    else:
        del found["searches"]
    if user.has_perm("pledges.add_wording"):
        candidate = Candidate.objects.filter(state="open").first()
        drafts = reverse("admin:pledges_intake_drafts", args=[candidate.intake_id])
        found["intake drafts"] = f"{drafts}?candidate={candidate.pk}"
    if user.has_perm("pledges.view_pledgeevent"):
        found["record"] = reverse("admin:pledges_record")
        found["record none"] = f"{reverse('admin:pledges_record')}?until=2001-01-01"
    found |= {
        "leads dismissed": f"{reverse('admin:pledges_lead_changelist')}?state=dismissed",
        "leads none": f"{reverse('admin:pledges_lead_changelist')}?q=xyzzy",
        "sources failing": f"{reverse('admin:pledges_source_changelist')}?health=failing",
        "articles none": f"{reverse('admin:pledges_article_changelist')}?q=xyzzy",
    }
    return found


def _first(model, **which) -> int | None:
    row = model.objects.filter(**which).first()
    return row and row.pk
