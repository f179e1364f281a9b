"""Save Page Now 2 against a small fake of it: one job from the address to the capture, and every way it can fail."""

import json
from datetime import UTC, datetime

import pytest

from pledges.watch.web.wayback import Answer, Archive, ArchiveError, SavedCapture

URL = "https://daily.example/news/1?a=b&c=d"


class Fake:
    """What the archive's server says, in turn; notes what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, method, address, headers, fields):
        self.asked.append((method, address, headers, fields))
        said = self.answers.pop(0)
        if isinstance(said, Exception):
            raise said
        status, told, extra = said if isinstance(said, tuple) else (200, said, {})
        return Answer(status, extra, told if isinstance(told, bytes) else json.dumps(told).encode())


def test_an_address_becomes_a_job_and_the_job_a_capture():
    fake = Fake(
        {"url": URL, "job_id": "spn2-1"},
        {"status": "pending", "resources": []},
        {"status": "success", "timestamp": "20240701150203", "original_url": URL},
    )
    wayback = Archive(fake, keys="access:secret")
    assert wayback.save(URL) == "spn2-1"
    assert wayback.saved("spn2-1") is None
    at = datetime(2024, 7, 1, 15, 2, 3, tzinfo=UTC)
    assert wayback.saved("spn2-1") == SavedCapture(f"https://web.archive.org/web/20240701150203/{URL}", at)
    (post, asked, _again) = fake.asked
    assert post[:2] == ("POST", "https://web.archive.org/save")
    assert post[2]["Authorization"] == "LOW access:secret"
    assert post[3]["url"] == URL
    assert asked[:2] == ("GET", "https://web.archive.org/save/status/spn2-1")


def test_without_keys_none_are_sent():
    fake = Fake({"job_id": "spn2-1"})
    Archive(fake).save(URL)
    assert "Authorization" not in fake.asked[0][2]


@pytest.mark.parametrize(
    ("said", "for_all", "retry_after"),
    [
        ((429, b"", {"retry-after": "90"}), True, 90.0),
        ((429, b"", {"retry-after": "soon"}), True, None),
        ((503, b"<html>busy</html>", {}), True, None),
        ((401, b"", {}), True, None),
        ((200, b"<html>", {}), False, None),
        ((200, b"[]", {}), False, None),
        ((200, b"[" * 100_000, {}), False, None),
        ((200, b"\xff\xfe", {}), False, None),
        ((200, {}, {}), False, None),
        ({"status": "error", "status_ext": "error:user-session-limit", "message": "limit"}, True, None),
        ({"status": "error", "status_ext": "error:not-found", "message": "The page is not there."}, False, None),
        (OSError("refused"), True, None),
    ],
)
def test_a_failure_says_whether_it_is_of_this_page_or_of_the_hour(said, for_all, retry_after):
    with pytest.raises(ArchiveError) as caught:
        Archive(Fake(said)).save(URL)
    assert (caught.value.for_all, caught.value.retry_after) == (for_all, retry_after)
    assert str(caught.value)


@pytest.mark.parametrize("told", [{"timestamp": "2024"}, {"timestamp": "20241399000000"}, {"original_url": "ftp://x"}])
def test_a_success_without_a_capture_is_none(told):
    whole = {"status": "success", "timestamp": "20240701150203", "original_url": URL} | told
    with pytest.raises(ArchiveError):
        Archive(Fake(whole)).saved("spn2-1")


@pytest.mark.parametrize("job", ["", "x" * 101, "a\0b", "a\nb", "\ud800", 7, None, ["a"]])
def test_a_job_that_no_row_can_keep_is_none(job):
    with pytest.raises(ArchiveError):
        Archive(Fake({"job_id": job})).save(URL)


@pytest.mark.parametrize("address", ["https://a.example/" + "x" * 1_200, "https://a.example/\0", "http://a\ud800"])
def test_nor_an_address_that_no_row_can_keep(address):
    told = {"status": "success", "timestamp": "20240701150203", "original_url": address, "message": "a\0b\ud800"}
    with pytest.raises(ArchiveError) as caught:
        Archive(Fake(told)).saved("spn2-1")
    assert "a\0b" not in str(caught.value) and "ab" in str(caught.value)


def test_a_job_of_the_servers_naming_cannot_lead_elsewhere():
    fake = Fake({"status": "pending"})
    Archive(fake).saved("../../evil?x=1")
    assert fake.asked[0][1] == "https://web.archive.org/save/status/..%2F..%2Fevil%3Fx%3D1"
