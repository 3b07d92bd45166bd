"""The addresses of the manual. `help/<page>/` is the short one: it leads to the page in the reader's language."""

from django.urls import path, register_converter

from entrepot.web.help.pages import LANGUAGES
from entrepot.web.views import help as manual


class LanguageConverter:
    """A language the manual is kept in."""

    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(LanguageConverter, "reader")

HELP = [
    path("help/", manual.help_home, name="help"),
    path("help/pictures/<path:name>", manual.help_picture, name="help_picture"),
    path("help/<reader:language>/", manual.help_contents, name="help_contents"),
    path("help/<reader:language>/search/", manual.help_search, name="help_search"),
    path("help/<reader:language>/<path:page>/", manual.help_page, name="help_page"),
    path("help/<path:page>/", manual.help_short, name="help_short"),
]
