"""Mandates, topics, institutions, indicators and the newsroom itself."""
