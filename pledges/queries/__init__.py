"""Every read: what is public, where pledges stand, what changed. Writes nothing but caches.

May import models, watch and domain.
"""
