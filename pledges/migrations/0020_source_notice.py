from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ("pledges", "0019_address_lookups"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="notice",
            field=models.TextField(blank=True, editable=False, verbose_name="left out of the file"),
        ),
    ]
