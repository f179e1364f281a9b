"""The cards: the pictures that social networks show with a link, each in two shapes and wholly in one language."""
