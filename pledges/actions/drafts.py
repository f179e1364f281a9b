"""What belongs to drafts and is never public: comments, and autosaved forms."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.domain.text import visible
from pledges.models import Autosave, Comment, Draftable, User

LONGEST_COMMENT = 5000
MOST_TYPED = 300_000  # characters of JSON: many times a long draft


def comment(*, item: Draftable, by: User, text: str) -> Comment:
    """Store a comment on a draft. Raises `Refused` if it is empty or longer than `LONGEST_COMMENT` characters."""
    text = visible(text).strip()
    if not text:
        raise Refused(_("Write the comment first."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most %(most)s characters.") % {"most": LONGEST_COMMENT})
    return Comment.objects.create(**{str(item._meta.model_name): item}, author=by, text=text)


@transaction.atomic
def keep_typed(*, by: User, kind: str, key: str, data: dict[str, list[str]], version: str) -> Autosave:
    """Store what a person has typed into a form and not saved; it replaces the form's earlier autosave.

    `data` are the form's fields as the browser sends them, `version` is that of the row that was edited ("" for a new
    one). Raises `Refused` if it is more than `MOST_TYPED` characters.
    """
    cleaned = {name: [visible(value) for value in values] for name, values in data.items()}
    if not fits(cleaned):
        raise Refused(_("This is too long to be kept while you type. Save the draft."))
    autosave, _created = Autosave.objects.update_or_create(
        user=by, kind=kind, key=key, defaults={"data": cleaned, "version": version[:64]}
    )
    return autosave


def fits(data: dict[str, list[str]]) -> bool:
    """Whether a form is small enough to be stored."""
    return len(json.dumps(data)) <= MOST_TYPED


def forget_typed(*, by: User, kind: str, key: str) -> None:
    """Delete the autosave of a form that was saved, or that the person has discarded."""
    Autosave.objects.filter(user=by, kind=kind, key=key).delete()
