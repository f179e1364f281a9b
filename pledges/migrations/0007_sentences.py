"""What failed is a sentence with its values, read in each reader's language; a column of text holds it, old rows stay.

From varchar to text PostgreSQL writes no row anew.
"""

from django.db import migrations, models

COLUMNS = {
    ("article", "failure"): models.TextField("reason of the failure", blank=True),
    ("host", "robots_failure"): models.TextField("why robots.txt could not be read", blank=True),
    ("preservation", "archive_failure"): models.TextField("why it is not archived", blank=True),
    ("preservation", "failure"): models.TextField("reason", blank=True),
    ("source", "failure"): models.TextField("reason of the failure", blank=True, editable=False),
}


class Migration(migrations.Migration):
    dependencies = [("pledges", "0006_record")]

    operations = [migrations.AlterField(model, name, field) for (model, name), field in COLUMNS.items()]
