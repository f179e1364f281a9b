"""Tags and filters for templates: how values are shown."""
