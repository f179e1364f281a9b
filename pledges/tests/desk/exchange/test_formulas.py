"""No cell that is given out begins a formula, wherever a spreadsheet lets a cell begin; and it comes back unchanged."""

import csv
import io
import random
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pledges.actions import publishing
from pledges.domain.spreadsheets import harmless, natural
from pledges.models import Topic
from pledges.tests.support import factories

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
CELLS = [
    *(f"{sign}1+1" for sign in SIGNS),
    *("foo;=1+1", "foo,=1+1", "foo\t=1+1", "foo|=1+1", "foo；＝1+1", "a;b;@SUM(1)", "1;-5"),
    *("\n=1+1", "one\n+1", "one\r\n-1", "one\r@x", "\t=1", "\r=1", "\tword", "|word", "||=1"),
    *("' =1+1", "'=1+1", "''=1+1", '"=1+1', "’=1+1", " =1+1", "\u00a0=1+1", "\u3000＝1", "\u200b=1+1", "\ufeff=1"),
    *("foo\u2028=1+1", "foo\x0b=1+1", "foo\x85@x", "foo、＝1", "foo﹔﹦1", "＇=1+1", "＂=1+1", "ʼ=1+1", "′=1+1"),
    *("foo; '=1+1", 'foo;"=1+1', "foo;\u200b=1+1", "foo; \n\t '＝1"),
    *("=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", '=HYPERLINK("https://x.example")'),
]


def begins_a_formula(text: str) -> bool:
    """Whether some way of cutting the text into cells makes one that begins with a sign."""
    parts = re.split("[,;\t\n\r\x0b\x85\u2028|，；｜、﹔]", text)
    return any(part.strip('" \u00a0\u3000\u200b\ufeff’＇＂ʼ′')[:1] in [*SIGNS] for part in parts)


@pytest.mark.parametrize("text", CELLS, ids=ascii)
def test_it_is_made_harmless_and_natural_again(text):
    assert not begins_a_formula(harmless(text))
    assert harmless(text) != text
    assert natural(harmless(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "-5",
        "+1.5",
        "12,5",
        "−3",
        "a well-known = sign",
        "1 + 1",
        "e-mail@daily.example",
        "a; b, c",
        "'word'",
    ],
)
def test_what_begins_no_formula_stays(text):
    assert harmless(text) == natural(text) == text


def test_any_text_comes_back():
    chosen = random.Random(1)
    for _number in range(50_000):
        text = "".join(chosen.choices("=-＝'\"; \n\r\t|,a1\u200b", k=chosen.randrange(10)))
        assert natural(harmless(text)) == text, ascii(text)


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_that_was_given_out_comes_back_unchanged(client, editor, form):
    texts = [text.strip() for text in CELLS if text.strip("\u200b\ufeff \t\r\n") == text and "\r" not in text]
    for number, text in enumerate(texts):
        factories.TopicFactory(slug=f"topic-{number}", name_en=text.replace("\u200b", ""), name_es="Nombre")
    body = client.get(reverse("exchange:export", args=["topics", form])).getvalue()
    if form == "csv":
        table = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(body)).active
        table = [str(cell or "") for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in table if begins_a_formula(cell)]
    file = SimpleUploadedFile(f"file.{form}", body)
    shown = client.post(reverse("exchange:import", args=["topics"]), {"file": file})
    assert shown.status_code == 200
    assert [fate.changes for fate in shown.context["fates"].rows if fate.changes] == []
    assert Topic.objects.filter(slug__startswith="topic-").count() == len(texts)


@pytest.mark.django_db
def test_the_files_of_public_pages_and_of_the_record(client, editor):
    update = factories.PublishedUpdateFactory(text_en="Work began;=1+1\n＝2", text_es="'=3")
    figure = factories.ObservationFactory(note_en="foo;=1+1")
    publishing.record_change(figure.indicator, by=editor)
    files = [reverse("pledge_csv", args=[update.pledge.slug]), reverse("indicator_csv", args=[figure.indicator.slug])]
    files.append(reverse("admin:pledges_record") + "?format=csv")
    for address in files:
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
        assert len(rows) > 1, address
        assert not [cell for row in rows for cell in row if begins_a_formula(cell) and not re.fullmatch(r"-?\d+", cell)]
