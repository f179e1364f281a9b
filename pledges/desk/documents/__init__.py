"""Documents that are searched for pledges: adding one, deciding about candidates, making drafts."""
