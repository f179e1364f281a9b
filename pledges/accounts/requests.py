"""The person behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from pledges.models import User


def user_of(request: HttpRequest) -> User:
    """The account that is logged in. Raises PermissionDenied for an anonymous request."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
