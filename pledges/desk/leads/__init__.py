"""The inbox of leads."""
