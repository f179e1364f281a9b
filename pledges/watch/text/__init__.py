"""Languages, words and places."""
