"""Embeds: what other sites show of this one in a frame, the page where one is chosen, and oEmbed (docs/embeds.md)."""
