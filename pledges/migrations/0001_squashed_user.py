"""Accounts, as release 0014 had them. They come first: Django's and allauth's tables point at them, and the rest of ours
at allauth's second factors.

It replaces the last of the 14 old migrations and 0002 the others: so a database that stopped halfway is refused, and is
brought to 0014 by its own release first (docs/adr/0025-squashed-migrations.md).
"""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [("pledges", "0014_elected_on")]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('byline', models.CharField(blank=True, help_text='The name readers see beside what this person publishes.', max_length=120, verbose_name='byline')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('due_notices', models.CharField(choices=[('never', 'never'), ('daily', 'once a day'), ('at_once', 'at once')], default='never', max_length=8, verbose_name='what is due')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], default='en', max_length=2, verbose_name='language of e-mail')),
                ('lead_notice_percent', models.PositiveSmallIntegerField(default=70, help_text='From 50, the least that makes a lead, to 100.', verbose_name='from a score of')),
                ('lead_notices', models.CharField(choices=[('never', 'never'), ('daily', 'once a day'), ('at_once', 'at once')], default='never', max_length=8, verbose_name='leads on pledges that I follow')),
                ('review_notices', models.CharField(choices=[('never', 'never'), ('daily', 'once a day'), ('at_once', 'at once')], default='never', max_length=8, verbose_name='reviews that wait')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('lead_notice_percent__gte', 50), ('lead_notice_percent__lte', 100)), name='user_lead_notice_percent_sane', violation_error_message='Between 50 and 100.')],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_userevent" ("byline", "date_joined", "due_notices", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "language", "last_name", "lead_notice_percent", "lead_notices", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_notices", "username") VALUES (NEW."byline", NEW."date_joined", NEW."due_notices", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."last_name", NEW."lead_notice_percent", NEW."lead_notices", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."review_notices", NEW."username"); RETURN NULL;', hash='f90fac602d2d9db7069516395605c6a4eeca99df', operation='INSERT', pgid='pgtrigger_insert_insert_4be2d', table='pledges_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."byline" IS DISTINCT FROM (NEW."byline") OR OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."due_notices" IS DISTINCT FROM (NEW."due_notices") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."lead_notice_percent" IS DISTINCT FROM (NEW."lead_notice_percent") OR OLD."lead_notices" IS DISTINCT FROM (NEW."lead_notices") OR OLD."review_notices" IS DISTINCT FROM (NEW."review_notices") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "pledges_userevent" ("byline", "date_joined", "due_notices", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "language", "last_name", "lead_notice_percent", "lead_notices", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_notices", "username") VALUES (NEW."byline", NEW."date_joined", NEW."due_notices", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."last_name", NEW."lead_notice_percent", NEW."lead_notices", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."review_notices", NEW."username"); RETURN NULL;', hash='c8cd8beee18dbe3452634c94779ca963a83ca5a9', operation='UPDATE', pgid='pgtrigger_update_update_c096d', table='pledges_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pledges_userevent" ("byline", "date_joined", "due_notices", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "language", "last_name", "lead_notice_percent", "lead_notices", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_notices", "username") VALUES (OLD."byline", OLD."date_joined", OLD."due_notices", OLD."email", OLD."first_name", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."language", OLD."last_name", OLD."lead_notice_percent", OLD."lead_notices", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."review_notices", OLD."username"); RETURN NULL;', hash='a9dabedc49daad3cd46b8ee6f765beec8dccfbd4', operation='DELETE', pgid='pgtrigger_delete_delete_94d91', table='pledges_user', when='AFTER')),
        ),
    ]
