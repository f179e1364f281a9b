"""Reads: what is public, where pledges stand, what changed.

May import models, watch and domain.
"""
