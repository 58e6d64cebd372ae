"""What changed between two states of a notice: by paragraph, by character, and by name."""
