"""A Content-Type may name any of Python's codecs; Django takes it for the encoding of the address, too."""

import pytest

from pledges.tests.site.test_cache import publish_pledges
from pledges.tests.support.served import served_client

pytestmark = pytest.mark.django_db
NO_ENCODINGS = ["hex", "rot13", "base64", "undefined", "punycode", "idna", "no-such", "\0"]
ENCODINGS = ["latin-1", "utf-16", "utf-7", "cp037", "unicode_escape", "raw_unicode_escape"]
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"]


@pytest.mark.parametrize("charset", [*NO_ENCODINGS, "utf-8", "UTF8"])
def test_what_is_no_encoding_of_texts_is_read_as_utf_8(address, charset):
    publish_pledges(1)
    client = served_client()
    response = client.get(f"{address('pledges')}?q=prisi%C3%B3n", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert response.status_code == 200
    assert 'value="prisión"' in response.content.decode()
    for kind in FORMS:
        response = client.generic("POST", f"{address('alert')}?a=b", b"a=b", f"{kind}; charset={charset}")
        assert response.status_code in (400, 422), "as without a charset"


@pytest.mark.parametrize("charset", ENCODINGS)
def test_another_encoding_is_djangos_matter_and_no_error(address, charset):
    publish_pledges(1)
    client = served_client()
    response = client.get(f"{address('pledges')}?q=prisi%C3%B3n&%ff=%", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert response.status_code < 500
    for kind in FORMS:
        response = client.generic("POST", f"{address('alert')}?a=%ff", b"a=\xff\\x", f"{kind}; charset={charset}")
        assert 400 <= response.status_code < 500
