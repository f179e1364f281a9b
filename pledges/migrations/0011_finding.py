"""The words that can be found; and every pledge is indexed anew, since more of what is published can be found now."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pledges', '0010_searching'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(help_text='In lower case without accents.', max_length=40, primary_key=True, serialize=False, verbose_name='word')),
                ('written', models.CharField(max_length=40, verbose_name='as it is written')),
            ],
            options={
                'verbose_name': 'word of the search',
                'verbose_name_plural': 'words of the search',
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(('slug', 'feed'), _negated=True), name='pledge_address_not_reserved', violation_error_message='The site has a page of its own at this address. Choose another.'),
        ),
        # `prepare_database` makes what is missing
        migrations.RunSQL('UPDATE pledges_pledge SET search_en = NULL, search_es = NULL', migrations.RunSQL.noop),
    ]
