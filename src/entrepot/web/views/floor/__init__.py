"""The floor of a warehouse: scan screens for a telephone. They ask queries, call verbs, and say what came of it."""
