"""What the worker of the queue "mail" does with the messages that a test's requests have sent."""

from celery import current_app

from pledges.jobs import publisher  # noqa: F401 (registers its tasks)


def forget() -> None:
    """Drop the messages of earlier tests."""
    with current_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("mail")


def work() -> list[str]:
    """Take all messages and run their tasks; returns the names of the tasks."""
    names = []
    with current_app.connection_for_write() as connection:
        queue = current_app.amqp.queues["mail"].bind(connection.default_channel)
        while message := queue.get(no_ack=True):
            arguments, keywords, _embedded = message.payload
            names.append(message.headers["task"])
            current_app.tasks[names[-1]](*arguments, **keywords)
    return names
