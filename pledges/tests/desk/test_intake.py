"""Pledges from a document: who may do what, and with how many queries the pages open."""

import pytest
from django.urls import reverse

from pledges.tests.support import factories
from pledges.tests.support.intakes import ADD, SPEECH, address, draft, head, together

pytestmark = pytest.mark.django_db


def test_reporters_read_and_editors_decide(client, two_candidates):
    row, first, _second = two_candidates
    changing = [
        (ADD, {"pasted": SPEECH}),
        (address("dismiss", row), {"candidate": first.pk}),
        (address("reopen", row), {"candidate": first.pk}),
        (address("mark", row), {"sentence": "Thank you."}),
        (address("drafts", row), together(head(), draft(first))),
    ]
    reading = [reverse("admin:pledges_intake_changelist"), address("change", row), address("history", row)]
    for url in (*reading, *(url for url, _data in changing)):
        assert client.get(url).url.startswith(reverse("admin:login"))
    for make, may_read in ((factories.UserFactory, 403), (factories.ReporterFactory, 200)):
        client.force_login(make())
        assert [client.get(url).status_code for url in reading] == [may_read] * 3
        assert [client.post(url, data).status_code for url, data in changing] == [403] * 5
    html = client.get(address("change", row)).content.decode()
    for button in ("Leave out", "Mark it", "Make drafts", 'type="checkbox"'):
        assert button not in html
    client.force_login(factories.EditorFactory())
    assert [client.get(url).status_code for url in (*reading, ADD)] == [200] * 4
    for url, _data in changing[1:4]:
        assert client.get(url).status_code == 405
    assert client.post(address("change", row)).status_code == 405
    assert client.post(reverse("admin:pledges_intake_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert [client.post(url, data).status_code for url, data in changing[1:]] == [302] * 4


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_open_with_a_fixed_number_of_queries(client, editor, django_assert_max_num_queries, count):
    text = "\n".join(f"We will build prison {number}." for number in range(count))
    row = factories.IntakeFactory(text=text)
    factories.TopicFactory.create_batch(3)
    alike = factories.PledgeFactory.create_batch(count)
    rows = [
        factories.CandidateFactory(intake=row, sentence=line, action=line, alike=pledge)
        for line, pledge in zip(text.splitlines(), alike, strict=True)
    ]
    with django_assert_max_num_queries(14):
        client.get(address("change", row))
    # With the watch's index, which is made anew after each change, for the pledges that are like the candidates.
    with django_assert_max_num_queries(32):
        client.get(address("drafts", row), {"candidate": [one.pk for one in rows]})
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:pledges_intake_changelist"))
