"""Documents that are read for pledges: adding one, reviewing what was found, making drafts."""
