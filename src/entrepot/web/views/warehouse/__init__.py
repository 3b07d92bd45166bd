"""The warehouse manager's pages."""
