"""Watched pages that go away and come back, and walls before them: read over real HTTP, from the source to the news."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.models import Article, Host, Snapshot, Source
from pledges.tests.support import factories
from pledges.tests.support.watched import page

pytestmark = pytest.mark.django_db
LINES = (
    "The port law awaits its first debate in the assembly.",
    "The prison of Santa Elena is being built since June.",
    "The school of Puerto Azul opens its doors in May.",
)
NOTICE = page("Away", "This website is under maintenance.", "Please come back later.")
ODD = page("Oops", "Our cat sits on the server.", "Hang on a second!")


@pytest.fixture
def watched(web):
    web.serve("/it", page("Agenda", *LINES))
    return factories.SourceFactory(
        kind=Source.Kind.PAGE, url=f"{web.origin}/it", publisher="Desk", language="en", selector="p"
    )


def read(source):
    Source.objects.filter(pk=source.pk).update(next_due_at=None, claimed_until=None)
    Host.objects.update(next_request_at=None)
    jobs.read_source.apply(args=[source.pk], throw=True)
    source.refresh_from_db()
    return str(source.failure)


def news():
    return list(Article.objects.order_by("pk").values_list("text", flat=True))


@pytest.mark.parametrize("selector", ["p", "body", ""])
@pytest.mark.parametrize(
    "notice",
    [
        "This website is under maintenance. Please come back later.",
        "Estamos realizando tareas de mantenimiento en nuestro sitio web. Disculpe las molestias: volveremos en breve, "
        "antes de las seis de la tarde. Mientras tanto puede llamarnos por teléfono.",
    ],
    ids=["short", "long"],
)
def test_a_maintenance_notice_and_the_page_again_are_no_news(web, watched, selector, notice):
    Source.objects.filter(pk=watched.pk).update(selector=selector)
    watched.refresh_from_db()
    assert read(watched) == ""
    web.serve("/it", page("Away", notice))
    for _look in range(3):
        assert "notice that it is away" in read(watched)
    web.serve("/it", page("Agenda", *LINES))
    assert read(watched) == ""
    assert (news(), Snapshot.objects.count()) == ([], 1)


def test_a_good_answer_that_asks_to_come_back_later_is_no_news(web, watched):
    read(watched)
    web.serve("/it", page("Oops", "Our cat sits on the server."), **{"Retry-After": "600"})
    assert "notice that it is away" in read(watched)
    web.serve("/it", page("Agenda", *LINES), **{"Retry-After": "600"})
    assert read(watched) == ""
    assert (news(), Snapshot.objects.count()) == ([], 1)


def test_a_watch_does_not_begin_with_a_notice(web, watched):
    web.serve("/it", NOTICE)
    assert "notice that it is away" in read(watched)
    web.serve("/it", page("Agenda", *LINES))
    assert read(watched) == ""
    assert (news(), Snapshot.objects.get().in_doubt) == ([], False)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_and_the_page_again_are_no_news(web, watched, status):
    read(watched)
    web.serve("/it", NOTICE, status=status, **{"Retry-After": "60"})
    assert f"({status})" in read(watched)
    web.serve("/it", page("Agenda", *LINES))
    assert read(watched) == ""
    assert (news(), Snapshot.objects.count()) == ([], 1)


@pytest.mark.parametrize("away", [ODD, page("Agenda", LINES[0])], ids=["odd", "half"])
def test_most_of_the_page_absent_and_back_is_no_news(web, watched, client, away):
    read(watched)
    web.serve("/it", away)
    assert read(watched) == ""
    assert Snapshot.objects.latest("taken_at").in_doubt
    web.serve("/it", page("Agenda", *LINES))
    assert read(watched) == ""
    read(watched)
    assert [one.in_doubt for one in Snapshot.objects.order_by("taken_at")] == [False, True, False]
    assert news() == []
    client.force_login(factories.EditorFactory())
    shown = client.get(reverse("admin:pledges_source_changes", args=[watched.pk])).content.decode()
    assert "Most of the page was absent at once" in shown
    assert "It says the same as before." in shown
    assert "deleted" not in shown.replace("it is not known to be deleted", "")


def test_a_page_that_is_rewritten_is_news_one_look_later_though_it_is_not_modified(web, watched):
    read(watched)
    web.serve("/it", ODD, etag='"2"')
    read(watched)
    assert (news(), watched.etag) == ([], "")
    read(watched)
    assert web.answers[-1] == 200
    assert news() == ["Our cat sits on the server.\nHang on a second!"]
    read(watched)
    assert (web.answers[-1], len(news())) == (304, 1)
    web.serve("/it", page("Agenda", *LINES, "A bridge is promised in Puerto Azul."))
    read(watched)
    assert news()[1:] == ["A bridge is promised in Puerto Azul."]  # the rest stood there before


def test_what_stood_there_long_ago_is_news_again(web, watched):
    read(watched)
    web.serve("/it", ODD)
    read(watched)
    read(watched)
    long_ago = timezone.now() - timezone.timedelta(days=40)
    with transaction.atomic():
        for days, row in enumerate(Snapshot.objects.order_by("taken_at")):
            _put_back(row, long_ago + timezone.timedelta(days=days))
    web.serve("/it", page("Agenda", *LINES))
    read(watched)
    read(watched)
    assert news()[-1] == "\n".join(LINES)


def _put_back(row, when):
    """Move a capture in time, past the trigger that keeps captures as they are."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE pledges_snapshot SET taken_at = %s WHERE id = %s", [when, row.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_the_database_keeps_a_capture_in_doubt_from_being_news(web, watched):
    read(watched)
    row = Snapshot.objects.get()
    article = factories.ArticleFactory(source=watched)
    with pytest.raises(IntegrityError, match="snapshot_in_doubt_is_no_news"), transaction.atomic():
        Snapshot.objects.create(
            source=watched, capture=row.capture, article=article, taken_at=timezone.now(), text="x", in_doubt=True
        )


CONSENT_EN = """We value your privacy. We and our 842 partners store and access information on a device, such as
    cookies, and process personal data for personalised advertising. You may click to consent, or manage your choices
    at any time. Accept all. Reject all. Privacy policy."""
CONSENT_ES = """Nos importa tu privacidad. Nosotros y nuestros 842 socios almacenamos información en un dispositivo,
    como cookies, para mostrarte publicidad personalizada. Acepta las cookies o suscríbete para seguir leyendo.
    Rechazar todo. Configurar cookies."""


@pytest.mark.parametrize("selector", ["p", ""])
@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (CONSENT_EN, "consent to cookies"),
        (CONSENT_ES, "consent to cookies"),
        ("You need to enable JavaScript to run this app. Turn it on and then reload the page.", "JavaScript"),
        ("Para ver esta página habilite JavaScript en su navegador y vuelva a cargarla después.", "JavaScript"),
        ("Please log in to read this. " * 3, "asks for a login"),
        (
            "Inicia sesión para seguir leyendo este contenido. Si no tienes cuenta, créala gratis aquí.",
            "asks for a login",
        ),
    ],
    ids=range(6),
)
def test_a_wall_is_told_at_the_source_and_is_no_news(web, watched, shown, says, selector):
    lines = (" ".join(LINES), *LINES)
    web.serve("/it", page("Agenda", *lines))
    Source.objects.filter(pk=watched.pk).update(selector=selector)
    watched.refresh_from_db()
    assert read(watched) == ""
    web.serve("/it", page("Wait", " ".join(shown.split())))
    assert says in read(watched)
    web.serve("/it", page("Agenda", *lines))
    assert read(watched) == ""
    assert (news(), Snapshot.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html><body><form><input type=password></form></body></html>", "asks for a login"),
        (b"<html><body><div id=root></div><script src=x.js></script></body></html>", "only with JavaScript"),
        (
            b"<html><body><noscript>Please enable JavaScript.</noscript><div></div></body></html>",
            "only with JavaScript",
        ),
        (b"<html><body><h1>Just a moment...</h1><script></script></body></html>", "whether we are human"),
        (b"<html><body><h1>Verifica que eres humano</h1></body></html>", "whether we are human"),
        (
            b"<html><head><meta http-equiv=Refresh content='8; url=/new'></head><body>Moved</body></html>",
            "sends its visitors on to /new",
        ),
        (b"<html><body><div>Rebuilt.</div></body></html>", "Nothing on the page matches"),
    ],
    ids=range(7),
)
def test_why_nothing_is_found_on_a_page(web, watched, body, says):
    web.serve("/it", body)
    assert says in read(watched)


def test_an_immediate_refresh_leads_to_the_page(web, watched):
    web.serve("/it", b"<html><head><meta http-equiv='refresh' content='0; url=/there'></head></html>")
    web.serve("/there", page("Agenda", *LINES))
    assert read(watched) == ""
    assert Snapshot.objects.get().capture.url == f"{web.origin}/there"
    assert watched.moved_from == ""


def test_a_refresh_that_goes_round_is_told(web, watched):
    web.serve("/it", b"<html><head><meta http-equiv='refresh' content='0; url=/there'></head></html>")
    web.serve("/there", b"<html><head><meta http-equiv='refresh' content='0; url=/it'></head></html>")
    assert "more than 5 times" in read(watched)


@pytest.mark.parametrize(
    "text",
    [
        "The agency fined two sites for cookies without consent. It said that users had no way to reject them. " * 4,
        "La agencia multó a dos sitios por usar cookies sin consentimiento y publicidad personalizada. " * 4,
        "The ministry closed the login page of the tax office for a week. JavaScript courses begin in May. " * 4,
    ],
    ids=range(3),
)
def test_news_about_such_things_is_no_wall(web, watched, text):
    web.serve("/it", page("News", text))
    assert read(watched) == ""


@pytest.mark.parametrize(
    ("status", "headers", "says"),
    [(304, {}, "first visit"), (204, {}, "nothing to show"), (206, {"Content-Range": "bytes 0-9/99"}, "only a part")],
)
def test_an_answer_without_a_page_is_told_at_the_source(web, watched, status, headers, says):
    read(watched)
    web.serve("/it", b"", status=status, **headers)
    assert says in read(watched)
    assert (watched.failures, Snapshot.objects.count()) == (1, 1)
