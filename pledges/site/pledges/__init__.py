"""The list of pledges and the page of one."""
