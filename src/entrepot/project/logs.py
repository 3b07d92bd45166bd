"""One line a happening: readable at a terminal, JSON elsewhere. Secrets and personal data never reach it."""

import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"
HIDDEN_KEYS = re.compile(
    r"pass(word|wd|phrase)?$|secret|token|authori[sz]ation|cookie|credential|session|signature|api_?key$|^key$"
    r"|email|phone|telephone|address|postcode|zipcode|first_?name|last_?name|buyer|customer|recipient|^raw$|^body$|^request$",
    re.IGNORECASE,
)
HIDDEN_TEXT = re.compile(
    r"(?P<link>/(?:link|join|l)/)[\w-]{20,}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\bent_[\w-]{20,}|(?P<url>postgres(?:ql)?://[^:\s]*:)[^@\s]+@"
)


def hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out every value under a telling key, and one-time links, API keys, passwords and addresses in texts."""
    for key, value in event.items():
        event[key] = HIDDEN if HIDDEN_KEYS.search(key) else _hidden(value)
    return event


def _hidden(value: object) -> object:
    match value:
        case str():
            return HIDDEN_TEXT.sub(_blank, value)
        case Mapping():
            return {key: HIDDEN if HIDDEN_KEYS.search(str(key)) else _hidden(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_hidden(inner) for inner in value]
        case _:
            return value


def _blank(found: re.Match[str]) -> str:
    return (found["link"] or found["url"] or "") + HIDDEN + ("@" if found["url"] else "")


def _steps() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.StackInfoRenderer(),
    ]


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, through the same steps.

    Without a `level` a person at a terminal is told of trouble only; a log file gets every happening.
    """
    at_terminal = sys.stderr.isatty()
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if not at_terminal:
        last.append(structlog.processors.format_exc_info)
    last += [hide, structlog.dev.ConsoleRenderer() if at_terminal else structlog.processors.JSONRenderer()]
    formatter = {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": _steps(), "processors": last}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "entrepot": {"level": level.upper() or ("WARNING" if at_terminal else "INFO")},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "axes": {"level": "ERROR"},
            "procrastinate": {"level": "ERROR"},
        },
    }


def configure() -> None:
    """Point structlog at the standard library's loggers."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_steps(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
