"""What the inbox and a lead's own page show of a lead."""

import copy
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from pledges.accounts.requests import user_of
from pledges.desk.leads import presence
from pledges.desk.leads.forms import DismissForm, SnoozeForm, snooze_presets
from pledges.desk.leads.highlight import marked, paragraphs
from pledges.desk.leads.outlets import merged_story_articles, outlets_of, story_articles
from pledges.desk.leads.suggestion import suggested
from pledges.desk.leads.told import add_what_is_told
from pledges.desk.shared.base import DeskAdmin, ReadOnly, capture_link, criteria_of, status_label, where_it_stands
from pledges.desk.shared.due import status_now
from pledges.models import Article, Capture, Lead, Revision
from pledges.queries import visibility


class LeadPages(ReadOnly, DeskAdmin):
    """Base of the admin of leads: its rows, what pages show of them, and the page of one lead."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """Leads with everything that a row shows, in a fixed number of queries."""
        return (
            super()
            .get_queryset(request)
            .select_related(
                "article__source", "pledge", "decided_by", "raised_by", "update__author", "merged_into__article"
            )
            .defer(
                *("searched", "article__text", "article__summary", "pledge__search_en", "pledge__search_es"),
                *("merged_into__article__text", "merged_into__article__summary"),
            )
            .annotate(status_now=status_now("pledge"), status_by_then=status_now("pledge", article_day()))
            .prefetch_related(
                "pledge__wordings",
                Prefetch("article__revisions", Revision.objects.defer("text_before")),
                story_articles("article__"),
                *merged_story_articles(),
            )
        )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether this person may accept, dismiss and snooze."""
        return request.user.has_perm("pledges.decide_lead")

    def inbox_url(self, request: HttpRequest) -> str:
        """The address of the inbox with the filters that the person came with."""
        filters: dict[str, Any] = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return add_preserved_filters(filters, reverse("admin:pledges_lead_changelist"))

    def row_context(self, request: HttpRequest) -> dict:
        """The context of every row beside its lead."""
        return {
            "may_decide": self.has_decide_permission(request),
            "reasons": Lead.DismissReason.choices,
            "presets": snooze_presets(),
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
        }

    def explain_all(self, request: HttpRequest, leads: Collection[Lead]) -> None:
        """Set on each lead what its row shows beside its fields, and who else has it open."""
        looking = presence.others([lead.pk for lead in leads], than=user_of(request), now=timezone.now())
        add_what_is_told(leads)
        for lead in leads:
            self.explain(lead)
            lead.looking = looking.get(lead.pk, [])

    def explain(self, lead: Lead) -> None:
        """Set on the lead what its row shows beside its fields. It knows already what is told of it."""
        lead.marked_sentence = marked(lead.sentence, lead.words, lead.cue)
        lead.percent = round(lead.score * 100)
        lead.outlets = outlets_of(lead)
        lead.changes = [change for change in lead.article.revisions.all() if change.found_at >= lead.raised_at]
        lead.opinion_percent = round((lead.opinion_score or 0) * 100)
        public = [wording for wording in lead.pledge.wordings.all() if wording.is_published]
        lead.wording = max(public, key=lambda wording: wording.number, default=None) or lead.pledge.latest_wording
        lead.suggests = suggested(lead)
        lead.now = status_label(lead.status_now) if lead.status_now != lead.status_by_then else ""
        lead.criteria = criteria_of(lead.wording)

    def lead_page(
        self,
        request: HttpRequest,
        lead: Lead,
        dismiss_form: DismissForm | None = None,
        snooze_form: SnoozeForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The article with its sentence marked, beside the pledge's criteria, and the forms to decide with."""
        user, now = user_of(request), timezone.now()
        presence.look(lead.pk, by=user, now=now)
        add_what_is_told([lead])
        self.explain(lead)
        article = lead.article
        context = {
            **self.admin_site.each_context(request),
            **self.row_context(request),
            "title": article.title,
            "original": lead,
            "lead": lead,
            "looking": presence.others([lead.pk], than=user, now=now).get(lead.pk, []),
            "paragraphs": paragraphs(article.text or article.summary, lead.sentence, lead.words, lead.cue),
            "kept_copy": capture_link(Capture.objects.defer("body").filter(articles=article).first()),
            "stands": where_it_stands(lead.pledge),
            "begun": self.begun(lead),
            "waiting": lead.state in {Lead.State.OPEN, Lead.State.SNOOZED},
            "dismiss_form": dismiss_form or DismissForm(),
            "snooze_form": snooze_form or SnoozeForm(),
            **self.neighbours(request, lead),
            "inbox_url": self.inbox_url(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/pledges/lead/lead.html", context, status=status)

    def neighbours(self, request: HttpRequest, lead: Lead) -> dict[str, str]:
        """The addresses of the previous and next lead in the inbox, by the filters and order that the person came with.

        The addresses keep the filters; at either end of the list there is none.
        """
        inbox = copy.copy(request)
        inbox.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        try:
            leads = self.get_changelist_instance(inbox).queryset.order_by(*self.get_ordering(inbox))
        except IncorrectLookupParameters:
            return {}
        before = rows_before(lead, self.get_ordering(inbox))
        previous, following = leads.filter(before).reverse(), leads.exclude(before).exclude(pk=lead.pk)
        filters: dict[str, Any] = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return {
            name: add_preserved_filters(filters, reverse("admin:pledges_lead_change", args=[pk]))
            for name, rows in (("previous_url", previous), ("next_url", following))
            if (pk := rows.values_list("pk", flat=True).first())
        }

    def begun(self, lead: Lead) -> str:
        """Who accepted a lead and when, and who began its draft; "" for a lead that has no draft."""
        if lead.state != Lead.State.ACCEPTED or not (lead.update and lead.decided_by):
            return ""
        words = _("%(who)s accepted this lead (%(when)s). The draft was begun by %(author)s (%(begun)s).")
        times = lead.decided_at, lead.update.created_at
        when, begun = (date_format(timezone.localtime(at), "DATETIME_FORMAT") for at in times)
        names = {"who": lead.decided_by.public_name, "author": lead.update.author.public_name}
        told = words % {"when": when, "begun": begun, **names}
        withdrawn = lead.update.is_published and lead.update_id in visibility.withdrawn_updates()
        return f"{told} {_('The update was withdrawn since.')}" if withdrawn else told

    def say_and_offer_undo(self, request: HttpRequest, words: str, leads: list[Lead]) -> None:
        """Show a message with a button that reopens the leads; the button belongs to the page's form `desk-undo`."""
        button = format_html(
            '{} <button type="submit" form="desk-undo" name="leads" value="{}">{}</button>',
            words,
            ",".join(str(lead.pk) for lead in leads),
            _("Undo"),
        )
        self.message_user(request, button, messages.SUCCESS)


def article_day() -> Subquery:
    """For `status_now` of leads: the day of a lead's article, today if it is unknown. A subquery and no join, so that
    the list is counted without the articles."""
    day = Coalesce(TruncDate("published_at"), Value(timezone.localdate()))
    return Subquery(Article.objects.filter(pk=OuterRef(OuterRef("article"))).order_by().values(day=day)[:1])


def rows_before(row: Model, ordering: Sequence[str]) -> Q:
    """A filter: the rows that stand before this one in an order of fields, none of which is null."""
    earlier, tied = Q(), Q()
    for name in ordering:
        field = name.removeprefix("-")
        value = getattr(row, field)
        earlier |= tied & Q((f"{field}__{'gt' if name.startswith('-') else 'lt'}", value))
        tied &= Q((field, value))
    return earlier
