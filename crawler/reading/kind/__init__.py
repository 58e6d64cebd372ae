"""What tells the kinds of page apart."""
