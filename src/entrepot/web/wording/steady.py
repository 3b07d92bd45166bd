"""`{% trans "…" %}` of a constant: looked up once in each language and not for every row of every page.

A table of 500 lines says the names of its columns in each of them: Django looks each up anew, 20 µs a time.
"""

from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

Said = dict[tuple[str | None, bool], str]


class SteadyNode(Node):
    """Words that depend on the reader's language alone."""

    child_nodelists = ()

    def __init__(self, words: TranslateNode) -> None:
        self.name, words.asvar = words.asvar, None
        self.words = words
        self.said: Said = {}

    def render(self, context: Context) -> str:
        """The words, or nothing where they are kept under a name (`as`)."""
        key = get_language(), context.autoescape
        said = self.said.get(key)
        if said is None:
            said = self.said[key] = self.words.render(context)
        if self.name is None:
            return said
        context[self.name] = said
        return ""


def steady_trans(parser: Parser, token: Token) -> Node:
    """Django's `trans`; of a constant without a filter, remembered."""
    found: TranslateNode = do_translate(parser, token)
    return SteadyNode(found) if _is_constant(found.filter_expression) and not found.message_context else found


def _is_constant(words: FilterExpression) -> bool:
    return isinstance(words.var, Variable) and words.var.literal is not None and not words.filters
