"""What an article says of a pledge's status."""
