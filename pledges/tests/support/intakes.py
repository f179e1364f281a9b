"""What the tests of pledges out of documents share."""

from django.urls import reverse

from pledges.models import Candidate, Intake
from pledges.tests.support import factories

ADD = reverse("admin:pledges_intake_add")
SPEECH = (
    "Good evening to all of you who are with us and who have been waiting for this for so long.\n"
    "We will build two prisons by 2025. It is not easy, and it is what the people have asked of us.\n"
    "We will plant a million trees. Thank you."
)


def address(view: str, row: Intake) -> str:
    return reverse(f"admin:pledges_intake_{view}", args=[row.pk])


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def draft(candidate: Candidate, **more) -> dict:
    """What an editor sends for one draft."""
    topic = factories.TopicFactory()
    own = {
        "title_en": "Two prisons",
        "statement_en": "Two prisons are built.",
        "slug": f"pledge-{candidate.pk}",
        "topics": [str(topic.pk)],
        "quote": candidate.sentence,
    }
    return {"candidate": [candidate.pk], **{f"c{candidate.pk}-{name}": value for name, value in (own | more).items()}}


def head(**more) -> dict:
    return {"made_on": "2024-01-10", "publisher": "Presidency", "source_document": "", **more}


def together(*forms: dict) -> dict:
    return {**{key: value for form in forms for key, value in form.items()}} | {
        "candidate": [pk for form in forms for pk in form.get("candidate", [])]
    }
