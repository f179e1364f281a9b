"""The secret part of a calendar's address at the desk: programs that subscribe to a calendar cannot log in.

It names a person and ends with the person's password, so nothing is stored: who changes the password has another one.
"""

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from pledges.accounts.allauth_adapters import lacks_second_factor
from pledges.models import User

SALT = "pledges.calendar"
PERMISSION = "pledges.view_pledge"
LONGEST = 300  # characters


def token_of(person: User) -> str:
    """The secret part of the address of a person's calendar."""
    return signing.Signer(salt=SALT).sign_object([person.pk, _password_hash(person)])


def person_of(token: str) -> User | None:
    """The person whose token it is, if they may still see pledges at the desk; otherwise None."""
    try:
        pk, password_hash = signing.Signer(salt=SALT).unsign_object(token[:LONGEST])
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    if person is None or not constant_time_compare(password_hash, _password_hash(person)):
        return None
    return person if person.has_perm(PERMISSION) and not lacks_second_factor(person) else None


def _password_hash(person: User) -> str:
    return salted_hmac(SALT, person.password).hexdigest()[:24]
