"""The read-only public API at /api/v1 (docs/data.md, docs/adr/0045-the-api.md)."""
