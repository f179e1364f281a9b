"""Import and export at the desk: a dry run first, all or nothing, the trade's rules, files as newsrooms have them."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pledges.desk import exchange
from pledges.domain.messages import deferred_message
from pledges.models import Edition, Evidence, Mandate, Observation, Pledge, Topic, Update, Wording
from pledges.tests.support import factories
from pledges.watch import isolation

pytestmark = pytest.mark.django_db
TOPICS = "slug,name_en,name_es\nports,Ports,Puertos\nprisons,Prisons,Cárceles\n"
IMPORTED = ("mandates", "topics", "institutions", "documents", "pledges", "updates", "indicators", "figures", "sources")


@pytest.fixture
def editor(client):
    user = factories.EditorFactory()
    client.force_login(user)
    return user


def upload(client, name: str, body: str | bytes, file: str = "file.csv"):
    body = body.encode() if isinstance(body, str) else body
    return client.post(reverse("exchange:import", args=[name]), {"file": SimpleUploadedFile(file, body)})


def confirm(client, name: str, shown):
    data = {"kept": shown.context["kept"], "seen": shown.context["fates"].fingerprint}
    return client.post(reverse("exchange:import", args=[name]), data)


def imported(client, name: str, body: str | bytes):
    shown = upload(client, name, body)
    assert shown.status_code == 200, errors(shown)
    return confirm(client, name, shown)


def errors(response) -> list:
    if response.context.get("fates"):
        return [(row.number, *problem) for row in response.context["fates"].rows for problem in row.problems]
    return list(response.context["form"].errors.get("file", []))


def rows_of(client, name: str) -> list[dict]:
    body = client.get(reverse("exchange:export", args=[name, "csv"])).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def as_csv(rows: list[dict], **more) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), **more)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def pledge_row(**more) -> dict:
    mandate, topic, document = factories.MandateFactory(), factories.TopicFactory(), factories.SourceDocumentFactory()
    row = {"slug": "ports", "mandate": mandate.slug, "made_on": "2023-12-06", "source_document": document.slug}
    return row | {"topics": topic.slug, "title_en": "Open ports", "kept_en": "They are open."} | more


def update_row(pledge: Pledge, **more) -> dict:
    row = {"pledge": pledge.slug, "happened_on": "2024-06-21", "status": "in_progress", "text_en": "Work began."}
    row |= {"evidence_1_url": "https://a.example/1", "evidence_1_publisher": "A", "evidence_1_sentence": "It began."}
    return row | more


def test_nothing_is_written_before_it_was_seen_and_confirmed(client, editor):
    shown = upload(client, "topics", TOPICS)
    assert shown.context["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "error": 0}
    assert not Topic.objects.exists()
    response = confirm(client, "topics", shown)
    assert response.url == reverse("admin:pledges_topic_changelist")
    assert dict(Topic.objects.values_list("slug", "name_es")) == {"ports": "Puertos", "prisons": "Cárceles"}
    assert Edition.objects.get().items.count() == 2


def test_a_second_import_changes_nothing_and_a_changed_cell_shows_before_and_after(client, editor):
    imported(client, "topics", TOPICS)
    again = upload(client, "topics", TOPICS)
    assert again.context["counts"]["unchanged"] == 2
    assert again.context["kept"] == ""
    shown = upload(client, "topics", TOPICS.replace("Ports", "Harbours"))
    assert [(row.number, vars(row.changes[0])) for row in shown.context["groups"][0]["rows"]] == [
        (2, {"column": "name_en", "before": "Ports", "after": "Harbours"})
    ]
    confirm(client, "topics", shown)
    assert Topic.objects.get(slug="ports").name_en == "Harbours"
    assert Edition.objects.count() == 2


def test_one_wrong_row_and_nothing_is_written(client, editor):
    shown = upload(client, "topics", TOPICS + "No slug,,x\nports,Again,Otra\n")
    assert shown.status_code == 422
    found = {(number, column) for number, column, _sentence in errors(shown)}
    assert found == {(4, "slug"), (5, "slug")}
    assert not shown.context["kept"]
    assert not Topic.objects.exists()
    assert "Use only letters from a to z, digits and hyphens" in shown.content.decode()


def test_one_cause_is_said_once_with_its_rows_and_what_there_is_to_choose_from(client, editor):
    for slug in ("ports", "prisons"):
        factories.TopicFactory(slug=slug)
    mandate = factories.MandateFactory()
    factories.SourceDocumentFactory(slug="speech")
    common = {"mandate": mandate.slug, "made_on": "2023-12-06", "source_document": "speech", "title_en": "Build it"}
    rows = [{"slug": f"p-{number}", **common, "topics": "roads"} for number in range(30)]
    rows += [{"slug": "other", **common, "mandate": "nobody", "topics": "ports"}]
    shown = upload(client, "pledges", as_csv(rows))
    assert shown.status_code == 422
    assert [(cause.column, cause.numbers, cause.names) for cause in shown.context["fates"].causes] == [
        ("topics", "2–31", "p-0, p-1, p-2, …"),
        ("mandate", "32", "other"),
    ]
    html = shown.content.decode()
    assert html.count("There is no topic “roads” here. Import or add it first. There are: ports, prisons.") == 1
    assert f"There are: {mandate.slug}." in html


def test_what_the_database_refuses_stands_at_its_column(client, editor):
    body = "slug,person,office_en,office_es,country,starts_on,ends_on\na,Ana,P,P,EC,2024-01-01,2023-01-01\n"
    body += "b,Bea,P,P,EC,2025-01-01,2026-01-01\n"
    assert errors(upload(client, "mandates", body)) == [(2, "ends_on", "The last day must come after the first.")]
    assert not Mandate.objects.exists()


def test_what_changed_meanwhile_is_shown_again_and_not_overwritten(client, editor):
    imported(client, "topics", TOPICS)
    shown = upload(client, "topics", TOPICS.replace("Ports", "Harbours"))
    Topic.objects.filter(slug="ports").update(name_en="Seaports")
    response = confirm(client, "topics", shown)
    assert response.status_code == 422
    assert "Something changed here" in response.content.decode()
    assert Topic.objects.get(slug="ports").name_en == "Seaports"


def test_nobody_confirms_the_file_of_somebody_else(client, editor):
    shown = upload(client, "topics", TOPICS)
    client.force_login(factories.EditorFactory())
    assert confirm(client, "topics", shown).status_code == 422
    assert not Topic.objects.exists()


def test_a_pledge_comes_in_as_a_draft_with_its_words(client, editor):
    row = pledge_row(watch_en="must: port; never: port wine", also_called_en="harbours; docks", headline="sí")
    imported(client, "pledges", as_csv([row]))
    pledge = Pledge.objects.get()
    wording = pledge.wordings.get()
    assert (wording.state, wording.author, wording.title_en) == ("draft", editor, "Open ports")
    assert (pledge.also_called_en, pledge.headline, pledge.review_interval_days) == (["harbours", "docks"], True, 90)
    assert set(pledge.watch_terms.values_list("rule", "phrase")) == {("must", "port"), ("never", "port wine")}
    assert not Edition.objects.exists()
    imported(client, "pledges", as_csv([row | {"title_en": "Open the ports"}]))
    assert Wording.objects.get().title_en == "Open the ports"


def test_published_words_are_final_and_the_rest_of_a_pledge_makes_an_edition(client, editor):
    pledge = factories.PublishedPledgeFactory()
    editions = Edition.objects.count()
    (row,) = rows_of(client, "pledges")
    assert upload(client, "pledges", as_csv([row])).context["counts"]["unchanged"] == 1
    wrong = upload(client, "pledges", as_csv([row | {"kept_en": "Other.", "made_on": "2020-01-01"}]))
    found = {(number, column) for number, column, _sentence in errors(wrong)}
    assert found == {(2, "kept_en"), (2, "made_on")}
    assert "Begin a new wording" in wrong.content.decode()
    shown = upload(client, "pledges", as_csv([row | {"headline": "no" if pledge.headline else "yes"}]))
    assert shown.context["fates"].public == 1
    confirm(client, "pledges", shown)
    assert Edition.objects.count() == editions + 1


def test_an_update_comes_in_as_a_draft_with_its_evidence(client, editor):
    pledge = factories.PublishedPledgeFactory()
    more = {"evidence_2_url": "https://b.example/2", "evidence_2_publisher": "B"}
    rows = [update_row(pledge, nth="", **more), update_row(pledge, nth="2", text_en="More.")]
    rows[1] |= dict.fromkeys(more, "")
    imported(client, "updates", as_csv(rows))
    first, second = Update.objects.order_by("pk")
    assert (first.state, first.author) == ("draft", editor)
    assert list(first.evidence.values_list("publisher", flat=True)) == ["A", "B"]
    rows[0] |= {"evidence_1_url": "https://a.example/other", "evidence_2_url": "", "evidence_2_publisher": ""}
    Evidence.objects.filter(publisher="A").update(capture=factories.CaptureFactory())
    imported(client, "updates", as_csv(rows))
    piece = first.evidence.get()
    assert (piece.url, piece.capture) == ("https://a.example/other", None)
    assert second.evidence.get().capture is not None


def test_a_published_update_is_final_and_one_in_review_is_left_alone(client, editor):
    published = factories.PublishedUpdateFactory()
    (row,) = rows_of(client, "updates")
    assert upload(client, "updates", as_csv([row])).context["counts"]["unchanged"] == 1
    ((number, column, sentence),) = errors(upload(client, "updates", as_csv([row | {"text_en": "Other."}])))
    assert (number, column) == (2, "text_en")
    assert "publish a correction" in sentence
    draft = factories.UpdateFactory(pledge=published.pledge)
    Update.objects.filter(pk=draft.pk).update(state="review")
    row = next(row for row in rows_of(client, "updates") if row["state"] == "review")
    ((_number, column, sentence),) = errors(upload(client, "updates", as_csv([row | {"text_en": "Other."}])))
    assert (column, "sent back" in sentence) == ("text_en", True)


def test_a_correction_names_what_it_corrects(client, editor):
    update = factories.PublishedUpdateFactory()
    (row,) = rows_of(client, "updates")
    more = {"nth": "2", "corrects": f"{row['happened_on']}/1", "correction_note_en": "The day was wrong."}
    imported(client, "updates", as_csv([row | more]))
    assert Update.objects.get(state="draft").corrects == update
    (found,) = [each for each in rows_of(client, "updates") if each["state"] == "draft"]
    assert found["corrects"] == more["corrects"]
    wrong = errors(upload(client, "updates", as_csv([row | more | {"nth": "3", "corrects": "2001-01-01/1"}])))
    assert [column for _number, column, _sentence in wrong] == ["corrects"]


def test_a_revised_figure_waits_beside_the_published_one(client, editor):
    from pledges.actions import publishing

    old = factories.ObservationFactory(value=100)
    publishing.record_change(old.indicator, by=editor)
    (row,) = rows_of(client, "figures")
    imported(client, "figures", as_csv([row | {"value": "110,5"}]))
    assert list(Observation.objects.order_by("pk").values_list("value", "edition")) == [(100, 1), (110.5, None)]
    (row,) = rows_of(client, "figures")
    assert (row["value"], row["edition"]) == ("110.5", "")


@pytest.mark.parametrize(
    "body",
    [
        TOPICS.replace(",", ";").encode("cp1252"),
        b"\xef\xbb\xbf" + TOPICS.replace(",", ";").replace("\n", "\r\n").encode(),
        TOPICS.replace(",", "\t").encode("utf-16"),
        "Dirección,Nombre (inglés),nombre (español)\nports,Ports,Puertos\nprisons,Prisons,Cárceles\n".encode(),
        b'[{"slug":"ports","name_en":"Ports","name_es":"Puertos"},'
        b'{"slug":"prisons","name_en":"Prisons","name_es":"C\\u00e1rceles"}]',
    ],
    ids=["Spanish Excel", "BOM", "Unicode text", "Spanish headings", "JSON"],
)
def test_files_as_newsrooms_have_them(client, editor, body):
    imported(client, "topics", body)
    assert dict(Topic.objects.values_list("slug", "name_es")) == {"ports": "Puertos", "prisons": "Cárceles"}


def test_days_as_spreadsheets_have_them(client, editor):
    from datetime import datetime

    book = openpyxl.Workbook()
    book.active.title = "other sheet"
    page = book.create_sheet("mandates")
    page.append(["slug", "person", "office_en", "office_es", "country", "starts_on", "ends_on"])
    page.append(["a", "Ana", "P", "P", "EC", datetime(2023, 11, 23), "24/05/2025"])
    out = io.BytesIO()
    book.save(out)
    imported(client, "mandates", out.getvalue())
    mandate = Mandate.objects.get()
    assert (str(mandate.starts_on), str(mandate.ends_on)) == ("2023-11-23", "2025-05-24")
    page["F2"] = "31/02/2024"
    out = io.BytesIO()
    book.save(out)
    ((number, column, sentence),) = errors(upload(client, "mandates", out.getvalue(), "a.xlsx"))
    assert (number, column) == (2, "starts_on")
    assert "2024-01-31 or 31/01/2024" in sentence


def test_figures_as_a_spanish_excel_saves_them(client, editor):
    indicator = factories.IndicatorFactory()
    body = "indicator;series;period;starts_on;ends_on;value;source;url\r\n;;;;;;;\r\n"
    body += f"{indicator.slug};años;2024;01/01/2024;31/12/2024;47,25;Policía;https://a.example/\r\n \r\n"
    ((number, column, _sentence),) = errors(upload(client, "figures", body.encode("cp1252")))
    assert (number, column) == (3, "series")
    imported(client, "figures", body.replace("años", "anual").encode("cp1252"))
    figure = Observation.objects.get()
    assert (str(figure.value), figure.source, str(figure.ends_on)) == ("47.2500", "Policía", "2024-12-31")


def test_a_formula_that_failed_is_no_text(client, editor):
    ((number, column, sentence),) = errors(upload(client, "topics", TOPICS.replace("Puertos", "#REF!")))
    assert (number, column) == (2, "name_es")
    assert "formula" in sentence


def test_a_row_that_stands_in_the_file_twice_is_said_with_the_first_ones_number(client, editor):
    ((number, column, sentence),) = errors(upload(client, "topics", TOPICS + "ports,Ports,Puertos\n"))
    assert (number, column) == (4, "slug")
    assert "Row 2" in sentence


def workbook(*rows: tuple, **formats: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, number_format in formats.items():
        book.active[cell].number_format = number_format
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_without_its_result_empties_no_field(client, editor):
    imported(client, "topics", TOPICS)
    rows = ("slug", "name_en", "name_es"), ("ports", "Ports", "Puertos"), ("prisons", '="Pris"&"ons"', "Cárceles")
    response = upload(client, "topics", saved(workbook(*rows)), "a.xlsx")
    assert response.status_code == 422
    assert "Row 3, column “name_en”: the cell holds a formula without its result" in " ".join(errors(response))
    assert Topic.objects.get(slug="prisons").name_en == "Prisons"


@pytest.mark.parametrize(
    "body",
    [
        b'[{"slug": "ports", "name_en": "Ports", "name_es": ["Puertos"]}]',
        b'[{"slug": "ports", "name_en": "Ports", "name_es": {}}]',
        b'[{"slug": "ports", "name_en": "Ports", "name_es": "Puertos"}, "prisons"]',
    ],
    ids=["list", "object", "row"],
)
def test_nothing_in_a_json_file_is_left_out_untold(client, editor, body):
    imported(client, "topics", TOPICS)
    response = upload(client, "topics", body, "a.json")
    assert response.status_code == 422
    assert errors(response)
    assert Topic.objects.get(slug="ports").name_es == "Puertos"


@pytest.mark.parametrize("hidden", ["row", "column"])
def test_what_a_worksheet_hides_is_neither_imported_nor_passed_over(client, editor, hidden):
    book = workbook(("slug", "name_en", "name_es"), ("ports", "Ports", "Puertos"), ("prisons", "Prisons", "Cárceles"))
    if hidden == "row":
        book.active.row_dimensions[3].hidden = True
    else:
        book.active.column_dimensions["C"].hidden = True
    response = upload(client, "topics", saved(book), "a.xlsx")
    assert response.status_code == 422
    assert "hidden in the spreadsheet" in " ".join(errors(response))


def test_a_hidden_first_worksheet_is_not_what_is_imported(client, editor):
    book = workbook(("slug", "name_en", "name_es"), ("ports", "Old", "Viejo"))
    book.active.title, book.active.sheet_state = "topics", "hidden"
    page = book.create_sheet("New")
    for row in (("slug", "name_en", "name_es"), ("ports", "Ports", "Puertos")):
        page.append(row)
    imported(client, "topics", saved(book))
    assert Topic.objects.get().name_en == "Ports"


def test_a_percentage_is_imported_as_the_spreadsheet_shows_it(client, editor):
    indicator = factories.IndicatorFactory()
    headings = ("indicator", "series", "period", "starts_on", "ends_on", "value", "source", "url")
    row = (indicator.slug, "a", "2024", "2024-01-01", "2024-12-31")
    rows = headings, (*row, 0.052, "INEC", "https://a.example/")
    imported(client, "figures", saved(workbook(*rows, F2="0.0%")))
    assert str(Observation.objects.get().value) == "5.2000"
    body = ";".join(headings) + "\n" + ";".join((*row, "6,1 %", "INEC", "https://a.example/"))
    imported(client, "figures", body)
    assert str(Observation.objects.get().value) == "6.1000"


def test_a_file_past_the_limits_is_refused_and_says_what_to_do(client, editor, monkeypatch):
    def call(function, *args, **kwargs):
        raise isolation.Crashed(deferred_message("It needs too much memory."))

    monkeypatch.setattr(isolation, "call", call)
    response = upload(client, "topics", TOPICS)
    assert response.status_code == 422
    assert "save the one worksheet as CSV" in " ".join(errors(response))


def styles_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(workbook()))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"</cellXfs>", b"<xf/>" * 1_500_000 + b"</cellXfs>"))
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 70_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (b"%PDF-1.7 nothing", "cannot be read"),
        (b"one column\nonly\n", "no table"),
        (b"PK\x03\x04 not a zip", "cannot be read"),
        (bomb(), "60 MB"),
        (styles_bomb(), "far more styles"),
        (b"name_en,name_es\nPorts,Puertos\n", "missing: slug"),
        (TOPICS.replace("name_es", "name_fr").encode(), "“name_fr”"),
        (b"slug,slug,name_en,name_es\na,b,c,d\n", "twice: “slug”"),
        (b"slug,name_en,name_es\n", "no row"),
        (b"slug,name_en,name_es\na,b,c,d\n", "Row 2 has more cells"),
        (("slug,name_en,name_es\n" + "".join(f"t{n},a,b\n" for n in range(10_001))).encode(), "10,000 rows"),
        (b"x" * 15_000_001, "15 MB"),
        (b'{"a": {"b": 1}}', "cannot be read"),
    ],
    ids=[
        "pdf",
        "no table",
        "zip",
        "bomb",
        "styles",
        "missing",
        "unknown",
        "twice",
        "empty",
        "wide",
        "many",
        "large",
        "json",
    ],
)
def test_a_file_that_is_none_is_told_so(client, editor, body, part):
    response = upload(client, "topics", body)
    assert response.status_code == 422
    assert part in " ".join(errors(response))
    assert not Topic.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_a_formula_and_it_comes_back_as_it_was(client, editor, form):
    texts = ["=HYPERLINK(1)", "+1 and", "-x", "@SUM", "'=quoted", "'plain", "-5"]
    for number, text in enumerate(texts):
        factories.TopicFactory(slug=f"t{number}", name_en=text)
    body = client.get(reverse("exchange:export", args=["topics", form])).getvalue()
    if form == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(body)).active
        assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
    else:
        assert b",=" not in body
        assert b",@" not in body
    assert upload(client, "topics", body).context["counts"]["unchanged"] == len(texts)


@pytest.mark.parametrize("name", IMPORTED)
def test_the_template_is_read_as_it_is_made(client, editor, name):
    for form in ("csv", "xlsx"):
        body = client.get(reverse("exchange:template", args=[name, form])).getvalue()
        sheet = exchange.read(exchange.BY_NAME[name], body, by=editor)
        columns = [column.name for column in sheet.table.columns if not column.readonly]
        assert sheet.headings == columns
    explained = openpyxl.load_workbook(io.BytesIO(body)).worksheets[1]
    assert [row[0].value for row in explained.iter_rows(min_row=2)] == columns


def test_who_may_take_along_and_bring_in(client):
    who = {
        "nobody": factories.UserFactory(),
        "reporter": factories.ReporterFactory(),
        "editor": factories.EditorFactory(),
    }
    for table in exchange.TABLES:
        pages = [reverse("exchange:export", args=[table.name, "json"]), reverse("exchange:import", args=[table.name])]
        client.logout()
        for page in (*pages, reverse("exchange:index")):
            assert client.get(page).url.startswith(reverse("admin:login"))
        reads = 403 if table.name == "people" else 200  # publishers keep people
        expected = {"nobody": (403, 403), "reporter": (reads, 403), "editor": (reads, 200)}
        for name, statuses in expected.items():
            client.force_login(who[name])
            if not table.importable:
                statuses = (statuses[0], 404)
            assert tuple(client.get(page).status_code for page in pages) == statuses, (table.name, name)
            assert client.post(pages[1]).status_code == {200: 422}.get(statuses[1], statuses[1])
            assert client.post(pages[0]).status_code == 405
    client.force_login(who["nobody"])
    assert client.get(reverse("exchange:index")).status_code == 403
    client.force_login(who["editor"])
    assert client.get(reverse("exchange:import", args=["passwords"])).status_code == 404
    assert client.get(reverse("exchange:export", args=["topics", "yaml"])).status_code == 404


def test_a_file_takes_as_many_queries_for_what_stands_here_already_whatever_its_length(
    client, editor, django_assert_max_num_queries
):
    for _number in range(30):
        factories.TopicFactory()
    body = client.get(reverse("exchange:export", args=["topics", "csv"])).getvalue()
    sheet = exchange.read(exchange.BY_NAME["topics"], body, by=editor)
    with django_assert_max_num_queries(10):
        exchange.import_sheet(sheet, dry_run=True)
