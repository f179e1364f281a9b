"""Messages to chat services and mailboxes: their words, their markup, and sending them."""
