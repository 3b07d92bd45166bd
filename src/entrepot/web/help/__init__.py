"""The manual: the pages of `docs/`, shown in the application and written as a site of files. See decision 31."""

from entrepot.web.help.search import Hit, search

__all__ = ["Hit", "search"]
