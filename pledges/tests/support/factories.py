"""Rows for tests. What is published goes through `actions`, as in life: `Published…Factory` makes its edition."""

import gzip
import hashlib
from datetime import UTC, date, datetime, timedelta

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from pledges import models
from pledges.actions import publishing
from pledges.domain import destinations
from pledges.domain.rules import Precision, Status


def member_of(usual: str = "") -> factory.PostGeneration:
    """`UserFactory(group="Reporter")` puts the user into that group; without it, into the group `usual`."""

    def join(user: models.User, create: bool, name: str | None, **_rest) -> None:
        if create and (name or usual):
            user.groups.add(Group.objects.get(name=name or usual))

    return factory.PostGeneration(join)


class UserFactory(DjangoModelFactory):
    """Somebody of the newsroom, without a group or password: log in with `client.force_login`."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    username = factory.Sequence("person-{}".format)
    byline = factory.Sequence("Person {}".format)
    is_staff = True

    group = member_of()


class ReporterFactory(UserFactory):
    """A person of the group Reporter."""

    username = factory.Sequence("reporter-{}".format)
    byline = factory.Sequence("Reporter {}".format)
    group = member_of("Reporter")


class EditorFactory(UserFactory):
    """A person of the group Editor."""

    username = factory.Sequence("editor-{}".format)
    byline = factory.Sequence("Editor {}".format)
    group = member_of("Editor")


class PublisherFactory(UserFactory):
    """A person of the group Publisher."""

    username = factory.Sequence("publisher-{}".format)
    byline = factory.Sequence("Publisher {}".format)
    group = member_of("Publisher")


class SuperuserFactory(UserFactory):
    """Who may do everything that the database allows."""

    username = factory.Sequence("root-{}".format)
    is_superuser = True


class NewsroomFactory(DjangoModelFactory):
    """The one row of settings; made again, it is changed."""

    class Meta:
        model = models.Newsroom
        django_get_or_create = ["pk"]

    pk = 1
    name_en = "Pledge Desk"
    name_es = "Mesa de promesas"
    country = "EC"


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = models.Mandate

    slug = factory.Sequence("mandate-{}".format)
    person = factory.Sequence("President {}".format)
    office_en = "President of the Republic"
    office_es = "Presidente de la República"
    country = "EC"
    starts_on = date(2023, 11, 23)
    ends_on = date(2025, 5, 24)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = models.Topic

    slug = factory.Sequence("topic-{}".format)
    name_en = factory.Sequence("Topic {}".format)
    name_es = factory.Sequence("Tema {}".format)


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = models.Institution

    slug = factory.Sequence("institution-{}".format)
    name_en = factory.Sequence("Institution {}".format)
    name_es = factory.Sequence("Institución {}".format)


class SourceDocumentFactory(DjangoModelFactory):
    class Meta:
        model = models.SourceDocument

    slug = factory.Sequence("document-{}".format)
    publisher = "Wire Service"
    title_en = factory.Sequence("Interview {}".format)
    title_es = factory.Sequence("Entrevista {}".format)
    published_on = date(2023, 12, 6)
    url = factory.Sequence("https://wire.example/interview/{}".format)
    language = "en"


class WordingFactory(DjangoModelFactory):
    """A draft wording that has all that publication needs."""

    class Meta:
        model = models.Wording

    pledge = factory.SubFactory("pledges.tests.support.factories.PledgeFactory", wording=None)
    author = factory.SubFactory(ReporterFactory)
    title_en = factory.Sequence("Pledge {}".format)
    title_es = factory.Sequence("Promesa {}".format)
    statement_en = "The government will do it."
    statement_es = "El gobierno lo hará."
    kept_en = "It is done."
    kept_es = "Está hecho."
    broken_en = "It is given up."
    broken_es = "Se abandonó."


class PledgeFactory(DjangoModelFactory):
    """A pledge that is not public, with a topic and a draft wording.

    `PledgeFactory(wording__title_en="…", wording__author=somebody)`; `wording=None` leaves the wording out and
    `topics=[…]` gives other topics.
    """

    class Meta:
        model = models.Pledge
        skip_postgeneration_save = True

    slug = factory.Sequence("pledge-{}".format)
    mandate = factory.SubFactory(MandateFactory)
    made_on = date(2023, 12, 6)
    source_document = factory.SubFactory(SourceDocumentFactory, published_on=factory.SelfAttribute("..made_on"))
    wording = factory.RelatedFactory(WordingFactory, "pledge")

    @factory.post_generation
    def topics(self, create: bool, extracted: list[models.Topic] | None, **_rest) -> None:
        """One topic, or those given."""
        if create:
            self.topics.set([TopicFactory()] if extracted is None else extracted)


class PublishedPledgeFactory(PledgeFactory):
    """A pledge whose wording is published, in an edition of its own, by an editor (`published_by=` for another)."""

    @factory.post_generation
    def published_by(self, create: bool, extracted: models.User | None, **_rest) -> None:
        """Publish it."""
        if create:
            publishing.publish(self.wordings.get(), by=extracted or EditorFactory())


class CaptureFactory(DjangoModelFactory):
    class Meta:
        model = models.Capture

    url = factory.Sequence("https://daily.example/article/{}".format)
    captured_at = datetime(2024, 7, 1, 12, tzinfo=UTC)
    content_type = "text/html; charset=utf-8"
    body = factory.LazyAttribute(lambda capture: gzip.compress(capture.url.encode(), mtime=0))
    sha256 = factory.LazyAttribute(lambda capture: hashlib.sha256(capture.url.encode()).hexdigest())
    size = factory.LazyAttribute(lambda capture: len(capture.url.encode()))


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Evidence

    update = factory.SubFactory("pledges.tests.support.factories.UpdateFactory", evidence=None)
    url = factory.Sequence("https://daily.example/evidence/{}".format)
    publisher = "The Daily Example"
    title = factory.Sequence("Headline {}".format)
    published_on = date(2024, 7, 1)
    language = "en"
    sentence = "Work on it began on Monday."


class UpdateFactory(DjangoModelFactory):
    """A draft update of a public pledge, by a reporter, with one piece of evidence (`evidence=None` for none)."""

    class Meta:
        model = models.Update
        skip_postgeneration_save = True

    pledge = factory.SubFactory(PublishedPledgeFactory)
    author = factory.SubFactory(ReporterFactory)
    happened_on = date(2024, 7, 1)
    happened_precision = Precision.DAY
    status = Status.IN_PROGRESS
    text_en = "Work began."
    text_es = "Comenzó la obra."
    evidence = factory.RelatedFactory(EvidenceFactory, "update")


class PublishedUpdateFactory(UpdateFactory):
    """An update published in an edition of its own, by an editor (`published_by=` for another)."""

    @factory.post_generation
    def published_by(self, create: bool, extracted: models.User | None, **_rest) -> None:
        """Publish it."""
        if create:
            publishing.publish(self, by=extracted or EditorFactory())
            self.refresh_from_db()


class EditionFactory(DjangoModelFactory):
    """The next edition, over `acts` (none by default)."""

    class Meta:
        model = models.Edition

    acts = ()
    by = factory.SubFactory(EditorFactory)

    @classmethod
    def _create(cls, model_class: type[models.Edition], *_args, **kwargs) -> models.Edition:
        return publishing.make_edition(acts=kwargs["acts"], by=kwargs["by"])


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = models.Source

    name = factory.Sequence("Feed {}".format)
    publisher = "The Daily Example"
    url = factory.Sequence("https://daily.example/feed/{}".format)
    language = "en"


class ArticleFactory(DjangoModelFactory):
    """An article that was read."""

    class Meta:
        model = models.Article

    source = factory.SubFactory(SourceFactory)
    entry_id = factory.Sequence("entry-{}".format)
    url = factory.Sequence("https://daily.example/news/{}".format)
    title = factory.Sequence("Article {}".format)
    publisher = "The Daily Example"
    language = "en"
    published_at = datetime(2024, 7, 1, 15, tzinfo=UTC)
    found_at = datetime(2024, 7, 1, 16, tzinfo=UTC)
    state = models.Article.State.READ
    text = "The minister spoke.\n\nWork on the prison began on Monday.\n\nNothing else was said."


class LeadFactory(DjangoModelFactory):
    """An open lead on a public pledge."""

    class Meta:
        model = models.Lead

    article = factory.SubFactory(ArticleFactory)
    pledge = factory.SubFactory(PublishedPledgeFactory)
    raised_at = factory.Sequence(lambda n: timezone.now() - timedelta(days=1) + timedelta(seconds=n))
    sentence = "Work on the prison began on Monday."
    words = ["prison", "began"]
    score = 0.8
    suggested_status = Status.IN_PROGRESS
    suggestion = factory.LazyAttribute(lambda lead: "change" if lead.suggested_status else "")
    cue = "began"


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = models.Indicator

    slug = factory.Sequence("indicator-{}".format)
    name_en = factory.Sequence("Indicator {}".format)
    name_es = factory.Sequence("Indicador {}".format)
    unit_en = "cases"
    unit_es = "casos"


class ObservationFactory(DjangoModelFactory):
    """A figure that no edition has published yet: `actions.record_change(indicator, by=…)` does."""

    class Meta:
        model = models.Observation

    indicator = factory.SubFactory(IndicatorFactory)
    series = "police"
    period = "2024"
    starts_on = date(2024, 1, 1)
    ends_on = date(2024, 12, 31)
    value = 7063
    source = "Police"
    url = "https://police.example/2024"


class IntakeFactory(DjangoModelFactory):
    """A document in which `CandidateFactory(intake=…, sentence=…)` finds a pledge: the sentence has to stand in it."""

    class Meta:
        model = models.Intake

    title = factory.Sequence("Speech {}".format)
    publisher = "Presidency"
    sha256 = factory.Sequence("{:064x}".format)
    language = "en"
    published_on = date(2024, 1, 10)
    mandate = factory.SubFactory(MandateFactory)
    text = "Good evening.\nWe will build two prisons by 2025. We will plant trees.\nThank you."
    added_by = factory.SubFactory(EditorFactory)


class CandidateFactory(DjangoModelFactory):
    """An open candidate; where it stands comes from its sentence."""

    class Meta:
        model = models.Candidate

    intake = factory.SubFactory(IntakeFactory)
    sentence = "We will build two prisons by 2025."
    action = "build two prisons"
    starts_at = factory.LazyAttribute(lambda one: one.intake.text.index(one.sentence))
    ends_at = factory.LazyAttribute(lambda one: one.starts_at + len(one.sentence))
    checkable = True
    confidence = 0.8
    reason = "will"


class DestinationFactory(DjangoModelFactory):
    """A webhook that is told of every kind of event."""

    class Meta:
        model = models.Destination

    name = factory.Sequence("Destination {}".format)
    address = factory.Sequence("https://hooks.example/{}".format)
    address_mask = factory.LazyAttribute(lambda row: destinations.masked_address(row.address))
    address_set_at = factory.LazyFunction(timezone.now)
    secret = factory.LazyFunction(destinations.new_secret)
    secret_set_at = factory.LazyFunction(timezone.now)
    events = factory.LazyFunction(lambda: [event.value for event in models.CHOSEN_EVENTS])
    added_by = factory.SubFactory(PublisherFactory)
    added_at = factory.LazyFunction(timezone.now)
    since = factory.SelfAttribute("added_at")


class DeliveryFactory(DjangoModelFactory):
    """An event that waits to be sent."""

    class Meta:
        model = models.Delivery

    destination = factory.SubFactory(DestinationFactory)
    event = "edition"
    key = factory.Sequence("{}".format)
    message_id = factory.LazyFunction(destinations.new_message_id)
    payload = factory.LazyAttribute(lambda row: {"type": "edition.published", "data": {"edition": row.key}})
    noted_at = factory.LazyFunction(timezone.now)
    next_attempt_at = factory.SelfAttribute("noted_at")
