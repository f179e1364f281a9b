"""What belongs to drafts and is never public: comments, and what somebody has typed and not saved yet."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.domain.text import visible
from pledges.models import Autosave, Comment, Retraction, Update, User, Wording

LONGEST_COMMENT = 5000
MOST_TYPED = 300_000  # characters of JSON: many times a long draft


def comment(*, item: Wording | Update | Retraction, by: User, text: str) -> Comment:
    """Say something about a draft. Raises `Refused` when nothing is said, or more than `LONGEST_COMMENT` characters."""
    text = visible(text).strip()
    if not text:
        raise Refused(_("Write the comment first."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most %(most)s characters.") % {"most": LONGEST_COMMENT})
    return Comment.objects.create(**{item._meta.model_name: item}, author=by, text=text)


@transaction.atomic
def keep_typed(*, by: User, kind: str, key: str, data: dict[str, list[str]], version: str) -> Autosave:
    """Keep what a person has typed into a form, in the place of what was kept of that form before.

    `data` are the form's fields as the browser sends them, `version` is that of the row on which it was typed ("" for a
    new one). Raises `Refused` when it is more than `MOST_TYPED` characters.
    """
    cleaned = {name: [visible(value) for value in values] for name, values in data.items()}
    if not fits(cleaned):
        raise Refused(_("This is too long to be kept while you type. Save the draft."))
    kept, _created = Autosave.objects.update_or_create(
        user=by, kind=kind, key=key, defaults={"data": cleaned, "version": version[:64]}
    )
    return kept


def fits(data: dict[str, list[str]]) -> bool:
    """Whether a form is small enough to be kept."""
    return len(json.dumps(data)) <= MOST_TYPED


def forget_typed(*, by: User, kind: str, key: str) -> None:
    """Drop what was kept of a form: it was saved, or the person does not want it."""
    Autosave.objects.filter(user=by, kind=kind, key=key).delete()
