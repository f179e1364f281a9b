"""What the inbox is searched by, in one column and one index; written by the database."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0009_account_acts'),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='searched',
            field=django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='article',
            trigger=pgtrigger.compiler.Trigger(name='article_leads_searched', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."publisher" IS DISTINCT FROM (NEW."publisher") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='\n                    UPDATE pledges_lead SET searched = NULL WHERE article_id = NEW.id;  -- made anew by lead_searched\n                    RETURN NULL;\n                ', hash='f298385aca33a948f87852c7c349b6561f7c397b', operation='UPDATE OF "title", "publisher"', pgid='pgtrigger_article_leads_searched_f70e8', table='pledges_article', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='lead_searched', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    SELECT strip(to_tsvector('simple', concat_ws(' ', NEW.sentence, title, publisher)))\n                        INTO NEW.searched FROM pledges_article WHERE id = NEW.article_id;\n                    RETURN NEW;\n                ", hash='f0424daea3c389989e7983b4b74b2f02773797d6', operation='INSERT OR UPDATE OF "article_id", "sentence", "searched"', pgid='pgtrigger_lead_searched_a12dd', table='pledges_lead', when='BEFORE')),
        ),
        # the trigger writes it
        migrations.RunSQL('UPDATE pledges_lead SET searched = NULL', migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='lead',
            index=django.contrib.postgres.indexes.GinIndex(fields=['searched'], name='lead_searched'),
        ),
        # the sentence alone is not asked for any more
        migrations.RunSQL(
            'DROP INDEX lead_words',
            "CREATE INDEX lead_words ON pledges_lead USING gin (to_tsvector('simple'::regconfig, sentence))",
        ),
    ]
