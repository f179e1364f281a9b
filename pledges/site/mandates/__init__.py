"""The pages of mandates and their comparison."""
