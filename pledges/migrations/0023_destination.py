"""Destinations of webhooks and messages, and the deliveries to them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pledges', '0022_snapshot'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('edition', 'an edition is published'), ('lead', 'a lead is raised'), ('review', 'a draft waits for review'), ('due', 'a pledge is due for another look'), ('ping', 'test')], max_length=8, verbose_name='event')),
                ('key', models.CharField(help_text='What it is about, and since when.', max_length=100, verbose_name='key')),
                ('message_id', models.CharField(max_length=44, unique=True, verbose_name='message id')),
                ('payload', models.JSONField(verbose_name='content')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('dead', 'Given up')], default='waiting', max_length=7, verbose_name='state')),
                ('noted_at', models.DateTimeField(verbose_name='noted')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True, verbose_name='next attempt')),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('last_attempt_at', models.DateTimeField(blank=True, null=True, verbose_name='last attempt')),
                ('failure', models.TextField(blank=True, verbose_name='last error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-noted_at', '-id'],
                'default_permissions': ('view', 'change'),
            },
        ),
        migrations.CreateModel(
            name='Destination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('webhook', 'Webhook'), ('message', 'Message')], default='webhook', max_length=8, verbose_name='kind')),
                ('name', models.CharField(help_text='What the desk calls it.', max_length=120, unique=True, verbose_name='name')),
                ('address', models.CharField(max_length=1000, verbose_name='address')),
                ('address_mask', models.CharField(editable=False, max_length=300, verbose_name='address')),
                ('address_set_at', models.DateTimeField(editable=False, verbose_name='address set')),
                ('secret', models.CharField(blank=True, editable=False, max_length=100, verbose_name='signing secret')),
                ('secret_set_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signing secret made')),
                ('previous_secret', models.CharField(blank=True, editable=False, max_length=100, verbose_name='previous signing secret')),
                ('previous_secret_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='previous secret signs until')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('edition', 'an edition is published'), ('lead', 'a lead is raised'), ('review', 'a draft waits for review'), ('due', 'a pledge is due for another look')], max_length=8), size=None, verbose_name='sent when')),
                ('least_percent', models.PositiveSmallIntegerField(default=70, help_text='From 50, the least that makes a lead, to 100.', verbose_name='leads from a score of')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=2, verbose_name='language')),
                ('active', models.BooleanField(default=True, help_text='Whether anything is sent to it.', verbose_name='active')),
                ('added_at', models.DateTimeField(editable=False, verbose_name='added')),
                ('since', models.DateTimeField(editable=False, verbose_name='active since')),
                ('noted_edition', models.PositiveIntegerField(default=0, editable=False, verbose_name='sent until edition')),
                ('last_sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last sent')),
                ('failing_since', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='failing since')),
                ('failure', models.TextField(blank=True, editable=False, verbose_name='reason of the failure')),
                ('gone_at', models.DateTimeField(blank=True, editable=False, help_text='It said so itself (HTTP 410).', null=True, verbose_name='gone for good')),
                ('added_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('group', models.ForeignKey(blank=True, help_text='Leads and what is due on pledges that one of its people follows; drafts that one of them may publish. Editions concern everybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group', verbose_name='only what concerns the group')),
            ],
            options={
                'verbose_name': 'destination',
                'verbose_name_plural': 'destinations',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='DeliveryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('event', models.CharField(choices=[('edition', 'an edition is published'), ('lead', 'a lead is raised'), ('review', 'a draft waits for review'), ('due', 'a pledge is due for another look'), ('ping', 'test')], max_length=8, verbose_name='event')),
                ('key', models.CharField(help_text='What it is about, and since when.', max_length=100, verbose_name='key')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='destination_event_key_events', to='pledges.delivery')),
                ('destination', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pledges.destination', verbose_name='destination')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='destination',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='pledges.destination', verbose_name='destination'),
        ),
        migrations.CreateModel(
            name='DestinationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('kind', models.CharField(choices=[('webhook', 'Webhook'), ('message', 'Message')], default='webhook', max_length=8, verbose_name='kind')),
                ('name', models.CharField(help_text='What the desk calls it.', max_length=120, verbose_name='name')),
                ('address_mask', models.CharField(editable=False, max_length=300, verbose_name='address')),
                ('address_set_at', models.DateTimeField(editable=False, verbose_name='address set')),
                ('secret_set_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='signing secret made')),
                ('previous_secret_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='previous secret signs until')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('edition', 'an edition is published'), ('lead', 'a lead is raised'), ('review', 'a draft waits for review'), ('due', 'a pledge is due for another look')], max_length=8), size=None, verbose_name='sent when')),
                ('least_percent', models.PositiveSmallIntegerField(default=70, help_text='From 50, the least that makes a lead, to 100.', verbose_name='leads from a score of')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=2, verbose_name='language')),
                ('active', models.BooleanField(default=True, help_text='Whether anything is sent to it.', verbose_name='active')),
                ('gone_at', models.DateTimeField(blank=True, editable=False, help_text='It said so itself (HTTP 410).', null=True, verbose_name='gone for good')),
                ('group', models.ForeignKey(blank=True, db_constraint=False, help_text='Leads and what is due on pledges that one of its people follows; drafts that one of them may publish. Editions concern everybody.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group', verbose_name='only what concerns the group')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='kind_name_address_mask_address_set_at_secret_set_at_previous_secret_until_events_least_percent_group_language_active_gone_at_events', to='pledges.destination')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='destination_language_is_known'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['webhook', 'message'])), name='destination_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'message'), ('address__regex', '^(https://[^/?#@\\s]+|http://([a-z][a-z0-9-]*|127(\\.[0-9]+){3}|10(\\.[0-9]+){3}|192\\.168(\\.[0-9]+){2}|172\\.(1[6-9]|2[0-9]|3[01])(\\.[0-9]+){2}|\\[::1\\])(:[0-9]+)?)([/?][^\\s#]*)?$'), _connector='OR'), name='destination_webhook_has_tls', violation_error_message='The address begins with https:// and has no user name, password or “#”.'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'webhook'), ('address__regex', '^[A-Za-z0-9+.-]+://\\S+$'), _connector='OR'), name='destination_message_has_scheme', violation_error_message='The address begins with the name of its service, such as slack://.'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'webhook'), ('secret__regex', '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$'), ('secret_set_at__isnull', False)), models.Q(('kind', 'message'), ('previous_secret', ''), ('secret', ''), ('secret_set_at__isnull', True)), _connector='OR'), name='destination_webhook_has_secret'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('previous_secret', ''), ('previous_secret_until__isnull', True)), models.Q(('previous_secret__regex', '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$'), ('previous_secret_until__isnull', False)), _connector='OR'), name='destination_previous_secret_ends'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('events__contained_by', ['edition', 'lead', 'review', 'due']), ('events__len__gt', 0)), name='destination_events_are_known', violation_error_message='Choose at least one event.'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('least_percent__gte', 50), ('least_percent__lte', 100)), name='destination_least_percent_sane', violation_error_message='Between 50 and 100.'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failing_since__isnull', True), ('failure', '')), models.Q(('failing_since__isnull', False), models.Q(('failure', ''), _negated=True)), _connector='OR'), name='destination_failing_says_why'),
        ),
        migrations.AddConstraint(
            model_name='destination',
            constraint=models.CheckConstraint(condition=models.Q(('gone_at__isnull', True), ('active', False), _connector='OR'), name='destination_gone_is_not_active', violation_error_message='This address said that it is gone for good: give it another address.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destination',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_destinationevent" ("active", "address_mask", "address_set_at", "events", "gone_at", "group_id", "kind", "language", "least_percent", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_secret_until", "secret_set_at") VALUES (NEW."active", NEW."address_mask", NEW."address_set_at", NEW."events", NEW."gone_at", NEW."group_id", NEW."kind", NEW."language", NEW."least_percent", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_secret_until", NEW."secret_set_at"); RETURN NULL;', hash='64b5fb5fdc697c105f1de12146479f4feb54e85e', operation='INSERT', pgid='pgtrigger_insert_insert_0a2a1', table='pledges_destination', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destination',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."address_mask" IS DISTINCT FROM (NEW."address_mask") OR OLD."address_set_at" IS DISTINCT FROM (NEW."address_set_at") OR OLD."events" IS DISTINCT FROM (NEW."events") OR OLD."gone_at" IS DISTINCT FROM (NEW."gone_at") OR OLD."group_id" IS DISTINCT FROM (NEW."group_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."least_percent" IS DISTINCT FROM (NEW."least_percent") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."previous_secret_until" IS DISTINCT FROM (NEW."previous_secret_until") OR OLD."secret_set_at" IS DISTINCT FROM (NEW."secret_set_at"))', func='INSERT INTO "pledges_destinationevent" ("active", "address_mask", "address_set_at", "events", "gone_at", "group_id", "kind", "language", "least_percent", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_secret_until", "secret_set_at") VALUES (NEW."active", NEW."address_mask", NEW."address_set_at", NEW."events", NEW."gone_at", NEW."group_id", NEW."kind", NEW."language", NEW."least_percent", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_secret_until", NEW."secret_set_at"); RETURN NULL;', hash='fa39f81b8c1d909a0eb3fbe72a2045d321500d25', operation='UPDATE', pgid='pgtrigger_update_update_8dd62', table='pledges_destination', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='destination',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_destinationevent" ("active", "address_mask", "address_set_at", "events", "gone_at", "group_id", "kind", "language", "least_percent", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_secret_until", "secret_set_at") VALUES (OLD."active", OLD."address_mask", OLD."address_set_at", OLD."events", OLD."gone_at", OLD."group_id", OLD."kind", OLD."language", OLD."least_percent", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_secret_until", OLD."secret_set_at"); RETURN NULL;', hash='ef25104e74771d25b3b881b6ee24ab6f5636937d', operation='DELETE', pgid='pgtrigger_delete_delete_9fe98', table='pledges_destination', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['destination', 'next_attempt_at'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', '-noted_at', '-id'], name='delivery_list'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'sent')), fields=['sent_at'], name='delivery_sent'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('destination', 'event', 'key'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('message_id__regex', '^msg_[A-Za-z0-9]{24,40}$')), name='delivery_message_id'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('event__in', ['edition', 'lead', 'review', 'due', 'ping'])), name='delivery_event_is_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_attempt_at__isnull', False), ('sent_at__isnull', True), ('state', 'waiting')), models.Q(('claimed_until__isnull', True), ('failure', ''), ('next_attempt_at__isnull', True), ('sent_at__isnull', False), ('state', 'sent')), models.Q(('claimed_until__isnull', True), ('next_attempt_at__isnull', True), ('sent_at__isnull', True), ('state', 'dead'), models.Q(('failure', ''), _negated=True)), _connector='OR'), name='delivery_state_has_its_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='replay_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'waiting\' AND OLD."state" = \'dead\')', func='INSERT INTO "pledges_deliveryevent" ("destination_id", "event", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."destination_id", NEW."event", NEW."key", _pgh_attach_context(), NOW(), \'replay\', NEW."id"); RETURN NULL;', hash='6b9676c228107877992385d3f076c82cacf96fc7', operation='UPDATE', pgid='pgtrigger_replay_update_7b666', table='pledges_delivery', when='AFTER')),
        ),
        migrations.RunSQL(  # the list of all changes is in this order
            [
                'CREATE INDEX record_destination ON pledges_destinationevent (pgh_created_at DESC, pgh_id DESC)',
                'CREATE INDEX record_delivery ON pledges_deliveryevent (pgh_created_at DESC, pgh_id DESC)',
            ],
            ['DROP INDEX record_destination', 'DROP INDEX record_delivery'],
        ),
    ]
