"""The pages of mandates and of their comparison."""
