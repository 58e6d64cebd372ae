"""The text of a notice: where it stands, without the page around it."""
