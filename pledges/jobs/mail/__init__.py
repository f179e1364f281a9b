"""What goes out by e-mail: to readers, and to people at the desk."""
