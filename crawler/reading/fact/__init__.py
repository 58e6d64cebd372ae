"""The facts of a notice: one module a fact."""
