"""Environment variables of other kinds than text."""

import os

from django.core.exceptions import ImproperlyConfigured


def env_bool(name: str, default: bool = False) -> bool:
    """A yes/no environment variable: 1, true, yes, on (any case) are yes; unset or empty is the default."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated environment variable as a list without empty entries."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
