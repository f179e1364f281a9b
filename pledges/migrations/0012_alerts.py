"""What readers asked to be told by e-mail."""

import django.db.models.functions.text
import secrets
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0011_finding'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='address')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish')], max_length=2, verbose_name='language')),
                ('kind', models.CharField(choices=[('search', 'search'), ('pledge', 'one pledge'), ('week', 'the week')], max_length=8, verbose_name='kind')),
                ('query', models.CharField(blank=True, help_text='Of a search the query of its address, in one order; of a pledge the word in its address.', max_length=500, verbose_name='query')),
                ('token', models.CharField(default=secrets.token_urlsafe, editable=False, max_length=43, unique=True, verbose_name='token')),
                ('created_at', models.DateTimeField(verbose_name='asked for')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('link_asked_at', models.DateTimeField(blank=True, help_text='The mail with the link is still to be sent.', null=True, verbose_name='link asked for')),
                ('told_edition', models.PositiveIntegerField(default=0, help_text='What this edition and those before it changed is told.', verbose_name='told until edition')),
                ('told_on', models.DateField(blank=True, help_text="A day of the newsroom's calendar.", null=True, verbose_name='told on')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='last mail')),
                ('closing_told_on', models.DateField(blank=True, null=True, verbose_name='told that the tracker closed')),
                ('claimed_until', models.DateTimeField(blank=True, null=True, verbose_name='claimed until')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='mails refused in a row')),
                ('bounced_at', models.DateTimeField(blank=True, help_text='The address takes no mail.', null=True, verbose_name='refused for good')),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
                'ordering': ['-created_at', '-id'],
                'permissions': [('count_alert', 'Can see how many alerts there are')],
                'default_permissions': ('view', 'delete'),
                'indexes': [models.Index(condition=models.Q(('confirmed_at', None), _negated=True), fields=['told_edition'], name='alert_told'), models.Index(condition=models.Q(('link_asked_at', None), _negated=True), fields=['link_asked_at'], name='alert_link_asked')],
                'constraints': [models.UniqueConstraint(fields=('email', 'kind', 'query', 'language'), name='alert_once'), models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email')), ('email__regex', '^[^\\s@<>,;:()"\\[\\]\\\\]+@[^\\s@<>,;:()"\\[\\]\\\\]+$')), name='alert_address_is_one_in_small_letters'), models.CheckConstraint(condition=models.Q(('kind', 'search'), models.Q(('kind', 'pledge'), models.Q(('query', ''), _negated=True)), models.Q(('kind', 'week'), ('query', '')), _connector='OR'), name='alert_query_by_kind'), models.CheckConstraint(condition=models.Q(('token__regex', '^[A-Za-z0-9_-]{43}$')), name='alert_token_is_long'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', False), models.Q(('told_edition', 0), ('told_on', None)), _connector='OR'), name='alert_told_once_confirmed')],
            },
        ),
    ]
