"""An operation for migrations of this folder; Django's loader passes over names that begin with an underscore."""

from django.db import migrations


class RenderOnce(migrations.SeparateDatabaseAndState):
    """Operations that are told to the state one after the other, then run in the database against the last state.

    Django renders the models that a change touches, and all that are related to them, after every operation; here nearly
    all are related, and nearly all of a migration's time went into that. Operations qualify that need no state in
    between: creating, adding, removing of triggers, altering a field that nothing else here touches.
    """

    def __init__(self, operations):
        super().__init__(operations, operations)

    def deconstruct(self):
        return self.__class__.__qualname__, [self.state_operations], {}

    @property
    def reversible(self):
        return False  # the way back from an upgrade is the backup

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # a cached property: the models are rendered when it is next asked for
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"{len(self.state_operations)} operations, the models rendered once"
