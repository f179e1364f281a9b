"""Documents that pledges are looked for in."""
