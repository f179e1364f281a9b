"""The queues of messages, and which task's messages go into which."""

# Two workers, each with queues of its own (tracker/background.py). The watch reads untrusted input, which
# may delay it, so what has to be published or mailed on time never shares a process with it. Tasks without a route
# belong to the watch. A worker takes from the first of its queues, by name, that has messages, so that pages, which are
# many, do not delay the others, and snapshots that strangers ask for delay none.
WATCH, PUBLISHING = ["feeds", "jobs", "pages", "snapshots"], ["mail", "publication"]
DEFAULT = "jobs"
ROUTES = {
    "pledges.tasks.poll": {"queue": "feeds"},
    "pledges.tasks.find_source": {"queue": "feeds"},  # somebody waits for it
    "pledges.tasks.read_source*": {"queue": "feeds"},
    "pledges.tasks.read_article*": {"queue": "pages"},
    "pledges.tasks.make_snapshot": {"queue": "snapshots"},
    "pledges.tasks.publish_scheduled": {"queue": "publication"},
    "pledges.tasks.send_*": {"queue": "mail"},
    "pledges.tasks.note_attempt": {"queue": "mail"},
    "pledges.tasks.drop_alerts": {"queue": "mail"},
    "pledges.tasks.drop_deliveries": {"queue": "mail"},
    "pledges.tasks.tell_editors": {"queue": "mail"},
    "pledges.tasks.make_backup": {"queue": "mail"},  # in one of eight threads; strangers' input is kept off the folder
}
