"""One row of a list, and which links of a page are its rows."""
