"""The inputs of `bench.hostile` by kind, over the first data set and a row of everything that the desk shows."""

from typing import Any

from hypothesis import strategies


class Inputs:
    """The strategy of each kind, over the first data set and a row of everything, which are made here.

    `few` forms of an editor's are enough for a test; otherwise those of all pages and roles are looked up.
    """

    def __init__(self, few: bool = False) -> None:
        from django.test import Client
        from django.urls import reverse

        from bench import hostile_answers as answers
        from bench.hostile_requests import Requests, forms_in
        from bench.hostile_values import archive_bombs
        from pledges import models
        from pledges.tests.support import desk_pages, every_address, factories

        editor = factories.EditorFactory()
        desk_pages.make_rows(editor)
        makers = {
            "reporter": factories.ReporterFactory,
            "editor": lambda: editor,
            "publisher": factories.PublisherFactory,
            "superuser": factories.SuperuserFactory,
        }
        people = {role: make() for role, make in makers.items()}
        sessions: dict[str, str | None] = {"nobody": None}
        for role, person in people.items():
            client = Client()
            client.force_login(person)
            sessions[role] = client.cookies["sessionid"].value
        rows: dict[str, int] = {}
        paths = {
            f"{address.name} {language}": every_address.path_of(address, rows, language)
            for language in ("en", "es")
            for address in every_address.walk()
        }
        desk = desk_pages.addresses(people["superuser"])
        names = ["alert", "account_login", "account_reset_password"]
        tables = [reverse("exchange:import", args=[name]) for name in ("topics", "pledges", "updates", "indicators")]
        pages = {*map(reverse, names), *desk.values(), *tables}
        pages |= {path for path in paths.values() if path.startswith("/admin/account/")}
        if few:
            names += ["admin:pledges_update_add", "admin:pledges_intake_add"]
            pages = {*map(reverse, names), *tables[:1]}
        shown = sessions["superuser"]  # who sees every field and button; they are sent as anybody
        every_form = (form for path in sorted(pages) for form in forms_in(shown if "/admin/" in path else None, path))
        # Each page of the desk has those of its masthead.
        forms = list({(form.action, form.names): form for form in every_form}.values())
        requests = Requests(sessions, paths | desk, forms)
        bodies = [*answers.table_bodies(), *answers.document_bodies(), *archive_bombs(), *answers.feed_bodies()[:3]]
        kinds = models.Source.Kind
        indicator = models.Indicator.objects.filter(observations__isnull=False).first()
        columns = {"indicator": indicator, "period_column": "Year", "value_column": "Rate", "series": "rate"}
        by_kind = {
            kind.value: factories.SourceFactory(kind=kind, **(columns if kind == kinds.DATA else {})) for kind in kinds
        }
        self.port = answers.Port()
        from django.conf import settings

        settings.WATCH_ALLOWED_ORIGINS = [*settings.WATCH_ALLOWED_ORIGINS, self.port.origin]
        delivery = factories.DeliveryFactory(destination__address=f"{self.port.origin}/hook")
        article = factories.ArticleFactory(state=models.Article.State.NEW, text="")
        embeds = [path for path in requests.public if "embed" in path or "incrust" in path or "oembed" in path]
        self.strategies: dict[str, strategies.SearchStrategy[Any]] = {
            "address": requests.addresses(),
            "parameters": requests.parameters(),
            "one parameter": requests.one_parameter(),
            "header": requests.headers(),
            "cookie": requests.cookies(),
            "body": requests.bodies(),
            "form": requests.in_forms(),
            "upload": requests.uploads(bodies),
            "api": requests.parameters(requests.api),
            "embed": requests.parameters(embeds),
            "mcp": requests.mcp(),
            "source": answers.sources(by_kind),
            "page": answers.pages(article),
            "document": answers.documents(),
            "receiver": answers.receivers(self.port, delivery),
            "headers": answers.headers(),
            "model": answers.models_and_archives(),
        }
