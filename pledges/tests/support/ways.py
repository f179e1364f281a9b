"""Ways to the pages that no address alone leads to: answers to forms, refusals, a login step by step.

Each takes a page of a browser, opens one after the other, and yields the name of each while it is open.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.urls import reverse

from pledges.jobs import find_source
from pledges.tests.support.totp import code_for
from pledges.tests.support.watched import Web, atom, entry


def of_the_desk(page, addresses: dict[str, str], web: Web) -> Iterator[str]:
    """As an editor, who may open `addresses` (see `desk_pages`); `web` is a site that the watch may read."""
    web.serve("/feed", atom(entry(web, "one")))
    _look_up(page, addresses, f"{web.origin}/feed")
    page.get_by_text("Title of one").wait_for()
    yield "source found"
    _look_up(page, addresses, "http://169.254.169.254/")
    page.locator(".desk-problems, .errornote, .errorlist").first.wait_for()
    yield "source refused"
    page.goto(addresses["figures"])
    table = {"name": "table.csv", "mimeType": "text/csv", "buffer": b"Year,Rate\n2031,3.5\n"}
    page.locator("input[type=file]").set_input_files(table)
    for name, value in {"series": "rate", "period_column": "Year", "value_column": "Rate", "source": "INEC"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=url]").fill("https://inec.example/")
    page.locator("[name=url]").press("Enter")
    page.locator(".desk-preview").wait_for()
    yield "preview of figures"
    page.goto(addresses["mandate add"])
    page.locator("[name=_save]").click()
    page.locator(".errornote").wait_for()
    yield "form with errors"
    page.goto(addresses["update draft"])
    page.locator("#id_text_en").fill("What I typed meanwhile.")
    # as if it had been opened before the last change; `e2e/test_drafts.py` has two browsers
    page.locator("[name=seen]").evaluate("each => each.value = '2001-01-01T00:00:00+00:00'")
    page.locator("[name=_continue]").click()
    page.locator(".desk-clashes").wait_for()
    yield "two versions"
    page.goto(reverse("admin:auth_group_changelist"))
    yield "not allowed"
    page.goto(f"{reverse('admin:index')}nothing-here/")
    yield "not found"


def _look_up(page, addresses: dict[str, str], url: str) -> None:
    """Have an address looked up, as a worker does it."""
    page.goto(addresses["source add"])
    page.locator(".desk-paste input[type=text]").fill(url)
    page.keyboard.press("Enter")
    page.wait_for_url("**lookup=**")
    # In a thread, which has a connection of its own: what the test's transaction writes, the server does not see.
    with ThreadPoolExecutor(1) as worker:
        worker.submit(_find, int(page.url.rpartition("lookup=")[2])).result()


def _find(pk: int) -> None:
    find_source(pk)
    connection.close()


def of_the_entrance(page, name: str, password: str) -> Iterator[str]:
    """What stands before the desk, for the person of this user name and password, who is logged out."""
    page.goto(reverse("account_login"))
    yield "login"
    others = ("account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done")
    for address in (*others, "account_inactive"):
        page.goto(reverse(address))
        yield address
    page.goto(reverse("account_reset_password_from_key", args=["1", "no-key"]))
    yield "a link that does not work"
    page.goto(reverse("account_login"))
    log_in(page, name, "wrong")
    page.locator(".errornote").wait_for()
    yield "login refused"


def of_an_account(page, name: str, password: str) -> Iterator[str]:
    """The pages of the own account, with an app as second factor set up on the way and taken away at the end."""
    page.goto(reverse("account_login"))
    log_in(page, name, password)
    page.wait_for_url(f"**{reverse('admin:index')}")
    page.goto(reverse("mfa_activate_totp"))
    yield "the password once more"
    page.goto(reverse("mfa_activate_totp"))
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.locator("[name=password]").wait_for(state="detached")
    for address in ("mfa_add_webauthn", "mfa_list_webauthn", "mfa_index", "mfa_activate_totp"):
        page.goto(reverse(address))
        yield address
    page.goto(reverse("mfa_activate_totp"))
    secret = page.locator("#authenticator_secret").input_value()
    _enter(page, "000000")
    page.locator(".errorlist, .errornote").first.wait_for()
    yield "a code that is wrong"
    page.goto(reverse("mfa_activate_totp"))
    secret = page.locator("#authenticator_secret").input_value()
    _enter(page, code_for(secret, 0))
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    yield "recovery codes"
    for address in ("mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        page.goto(reverse(address))
        yield f"{address} with an app"
    for address in ("account_home", "account_change_password", "usersessions_list", "admin:pledges_user_own"):
        page.goto(reverse(address))
        yield address
    page.goto(reverse("account_change_password"))
    for field in ("oldpassword", "password1", "password2"):
        page.locator(f"[name={field}]").fill("short")
    page.keyboard.press("Enter")
    page.locator(".errornote, .errorlist").first.wait_for()
    yield "a new password that is refused"
    page.goto(reverse("account_logout"))
    yield "account_logout"
    page.context.clear_cookies(name="sessionid")
    page.goto(reverse("account_login"))
    log_in(page, name, password)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    yield "the code of the app"


def log_in(page, name: str, password: str) -> None:
    """Type both into the login that is open."""
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")


def _enter(page, code: str) -> None:
    page.locator("[name=code]").fill(code)
    page.keyboard.press("Enter")
