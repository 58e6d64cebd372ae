"""What a page holds in scripts and data."""
