"""Links to the page of the manual that explains what a person looks at."""

from django import template
from django.template.context import Context
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from entrepot.channels.models import Problem
from entrepot.web.help import explaining
from entrepot.web.templatetags.desk import icon

register = template.Library()


def _link(page: explaining.Explained | None, classes: str, word: str, beside: SafeString) -> SafeString:
    """All such links share one tab of their own: a form half filled in, or a scan under way, stays where it is."""
    if page is None:
        return SafeString("")
    said = _("%(page)s (opens in another tab)") % {"page": page.title}
    return format_html(
        '<a class="{}" href="{}" target="entrepot-help" title="{}" data-help>{}<span class="help-word">{}</span>'
        '<span class="visually-hidden"> {}</span></a>',
        classes,
        page.address,
        page.title,
        beside,
        word,
        said,
    )


def _language() -> str:
    return translation.get_language() or "en"


@register.simple_tag(takes_context=True)
def help_link(context: Context, classes: str = "btn btn-plain help-link") -> SafeString:
    """To the page that explains this screen."""
    match = getattr(context.get("request"), "resolver_match", None)
    screen = str(match.url_name or "") if match else ""
    if screen.startswith("help"):
        return SafeString("")
    page = explaining.page_of_screen(screen, _language())
    if "floor" in classes:
        return _link(
            page, classes, "", format_html('{}<span class="visually-hidden">{}:</span>', icon("help-circle"), _("Help"))
        )
    return _link(page, classes, _("Help"), icon("help-circle"))


@register.simple_tag
def problem_help(problem: Problem) -> SafeString:
    """To the page that explains this kind of problem, where there is one."""
    page = explaining.page_of_problem(problem.code, _language())
    return _link(page, "problem-help", page.title if page else "", icon("help-circle"))
