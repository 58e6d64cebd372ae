"""The parts of a text: head, headings, items, tables, signature, files."""
