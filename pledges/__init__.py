"""The one Django app, in nine rooms; docs/architecture.md says what lives in each."""
