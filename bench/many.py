"""A tracker with many public pledges and updates, inserted in seconds and indexed for the search in half a minute.

For benches that have a database of their own, migrated and empty; `bench.desk` adds the desk's rows to it.
"""

WORDS = "port prison hospital road tax school water budget bridge wage energy court police border coast mine".split()
WORD = "(ARRAY[" + ", ".join(f"'{word}'" for word in WORDS) + f"])[1 + g % {len(WORDS)}]"
SEQUENCES = ("user", "mandate", "sourcedocument", "topic", "pledge", "wording", "update", "evidence")

# Inserted without triggers and foreign keys, by the database's owner, who is a superuser here. The rows satisfy the
# constraints all the same.
FILL = """
SET session_replication_role = replica;
INSERT INTO pledges_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name, email,
    date_joined, byline, language, lead_notices, lead_notice_percent, review_notices, due_notices)
  SELECT g, 'person-' || g, '', false, true, true, '', '', '', now(), 'Person ' || g, 'en', 'never', 70, 'never',
    'never'
  FROM generate_series(1, 20) g;
INSERT INTO pledges_mandate (id, slug, person, office_en, office_es, country, starts_on, note_en, note_es)
  VALUES (1, 'president', 'A President', 'President', 'Presidente', 'EC', '2023-11-23', '', ''),
    (2, 'mayor', 'A Mayor', 'Mayor', 'Alcaldesa', 'EC', '2023-11-30', '', '');
INSERT INTO pledges_sourcedocument (id, slug, publisher, title_en, title_es, published_on, url, language, note_en,
    note_es) VALUES (1, 'interview', 'Wire', 'Interview', 'Entrevista', '2023-12-06', '', 'en', '', '');
INSERT INTO pledges_topic (id, slug, name_en, name_es)
  SELECT g, 'topic-' || g, 'Topic ' || g, 'Tema ' || g FROM generate_series(1, 20) g;
INSERT INTO pledges_edition (number, published_at, published_by_id, publisher, previous_hash, hash)
  VALUES (1, now(), 1, 'Person 1', '', repeat('0', 64));
INSERT INTO pledges_pledge (id, slug, mandate_id, made_on, made_on_precision, source_document_id, headline,
    review_interval_days, reviewed_on, also_called_en, also_called_es, created_at, updated_at)
  SELECT g, 'the-' || {word} || '-' || g, 1 + g % 2, '2023-12-06', 'day', 1, g % 10 = 0, 90,
    current_date - (g % 180), '{{}}', '{{}}', now() - interval '200 days', now() FROM generate_series(1, {pledges}) g;
INSERT INTO pledges_pledge_topics (pledge_id, topic_id) SELECT g, 1 + g % 20 FROM generate_series(1, {pledges}) g;
INSERT INTO pledges_wording (id, state, author_id, published_by_id, edition_id, review_note, created_at, updated_at,
    pledge_id, number, title_en, title_es, statement_en, statement_es, quote, quote_language, kept_en, kept_es,
    partly_kept_en, partly_kept_es, in_progress_en, in_progress_es, stalled_en, stalled_es, broken_en, broken_es,
    deadline, deadline_precision, deadline_note_en, deadline_note_es, change_note_en, change_note_es)
  SELECT g, 'published', 2, 1, 1, '', now(), now(), g, 1, 'A new ' || {word} || ' number ' || g, 'Obra ' || g,
    'It will be built.', 'Se construirá.', '', '', 'It stands.', 'Está.', '', '', '', '', '', '', 'Not.', 'No.',
    CASE WHEN g % 3 = 0 THEN current_date + g % 1000 - 500 END, CASE WHEN g % 3 = 0 THEN 'day' ELSE '' END, '', '', '',
    '' FROM generate_series(1, {pledges}) g;
INSERT INTO pledges_update (id, state, author_id, published_by_id, edition_id, review_note, created_at, updated_at,
    pledge_id, happened_on, happened_precision, status, failure_reason, reason_detail_en, reason_detail_es, text_en,
    text_es, correction_note_en, correction_note_es)
  SELECT g, CASE WHEN g % 50 = 0 THEN 'review' WHEN g % 50 = 1 THEN 'draft' ELSE 'published' END, 2 + g % 10,
    CASE WHEN g % 50 > 1 THEN 1 END, CASE WHEN g % 50 > 1 THEN 1 END, '', now() - g * interval '1 minute',
    now() - g * interval '1 minute', 1 + g % {pledges}, date '2024-01-01' + g % 500, 'day',
    (ARRAY['not_started', 'in_progress', 'in_progress', 'kept'])[1 + g % 7 % 4], '', '', '',
    'Work on the ' || {word} || ' went on, report ' || g, 'Siguió la obra.', '', ''
  FROM generate_series(1, {updates}) g;
INSERT INTO pledges_evidence (id, update_id, url, publisher, title, language, sentence)
  SELECT g, g, 'https://daily.example/' || g, 'Daily ' || g % 30, 'The ' || {word} || ' of day ' || g, 'en', 'It did.'
  FROM generate_series(1, {updates}) g;
SET session_replication_role = DEFAULT;
"""


def insert(sql: str, sequences: tuple[str, ...]) -> None:
    """Execute SQL that inserts rows with keys of its own, and let these tables' sequences go on after them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        for name in sequences:
            cursor.execute(f"SELECT setval('pledges_{name}_id_seq', (SELECT MAX(id) FROM pledges_{name}))")


def fill(pledges: int, updates: int) -> None:
    """Insert so many pledges and updates, index them for the search, and collect the planner's statistics.

    49 of 50 updates are published, the others drafts; all that is public is of edition 1.
    """
    from django.db import connection

    from pledges.queries.search import fulltext

    insert(FILL.format(word=WORD, pledges=pledges, updates=updates), SEQUENCES)
    fulltext.index(range(1, pledges + 1))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
