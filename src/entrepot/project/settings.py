"""Settings: everything from the environment, each with a default that is safe for one machine.

Every variable is described in docs/reference/settings.md. Nothing here opens a connection.
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from entrepot.project import logs
from entrepot.project.environment import (
    database_settings,
    home_folder,
    host_of,
    key_ring,
    live_sources,
    origin,
    words,
)

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home_folder(os.environ)
DEBUG = os.environ.get("ENTREPOT_DEBUG") == "1"

SECRET_KEYS = key_ring(os.environ, HOME)
SECRET_KEY = SECRET_KEYS[0]
SECRET_KEY_FALLBACKS = SECRET_KEYS[1:]
PUBLIC_URL = os.environ.get("ENTREPOT_PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", host_of(PUBLIC_URL), *words(os.environ.get("ENTREPOT_HOSTS"))]
CSRF_TRUSTED_ORIGINS = [origin(PUBLIC_URL), *words(os.environ.get("ENTREPOT_ORIGINS"))]
BEHIND_PROXY = os.environ.get("ENTREPOT_BEHIND_PROXY") == "1"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LIVE_PORT = int(os.environ.get("ENTREPOT_LIVE_PORT", "8001"))
LIVE_URL = os.environ.get("ENTREPOT_LIVE_URL") or f"http://{{host}}:{LIVE_PORT}/live"
"""Where pages listen; `{host}` is the host the page itself was asked from, so that the session's cookie goes along."""
CAFE24_API_BASE = os.environ.get("ENTREPOT_CAFE24_API_BASE", "")
"""Where malls' interfaces are instead of at Cafe24; `{mall_id}` stands for the mall. For simulators and tests."""
PRIVATE_TARGETS = os.environ.get("ENTREPOT_PRIVATE_TARGETS") == "1"
"""Whether other systems inside a private network may be told things; else only public machines are called."""
DEMO = os.environ.get("ENTREPOT_DEMO") == "1"
"""Whether this is the demo, which has a tour; `entrepot up --demo` says so."""
METRICS_TOKEN = os.environ.get("ENTREPOT_METRICS_TOKEN", "")

logs.configure()
LOGGING = logs.logging_settings(os.environ.get("ENTREPOT_LOG_LEVEL", ""))

DATABASES = {"default": database_settings(os.environ, HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
    "procrastinate.contrib.django",
    "entrepot.accounts",
    "entrepot.catalog",
    "entrepot.inventory",
    "entrepot.orders",
    "entrepot.fulfilment",
    "entrepot.warehouse",
    "entrepot.channels",
    "entrepot.outgoing",
    "entrepot.sheets",
    "entrepot.web",
    "entrepot.project",
]
MIDDLEWARE = [
    "entrepot.project.middleware.NoNulBytes",
    "django.middleware.security.SecurityMiddleware",
    "entrepot.project.assets.AssetsMiddleware",
    "entrepot.project.middleware.Packed",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "entrepot.accounts.middleware.MembershipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "entrepot.api.unforeseen.MethodsInJson",
]
if DEBUG:
    MIDDLEWARE.insert(0, "entrepot.project.middleware.Timed")
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_USERNAME_FORM_FIELD = "username"  # what sign_in passes; axes would look for the model's `email` and see nobody
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "entrepot.accounts.sessions.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # sign_in answers a lock-out itself, in the page's own words
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ROOT_URLCONF = "entrepot.project.urls"
FORM_RENDERER = "entrepot.web.forms.renderer.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["entrepot.web.templatetags.terms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ko", "한국어")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "entrepot.project.assets.Assets"},
}
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_NAME = "entrepot_session"
CSRF_COOKIE_NAME = "entrepot_csrf"
CSRF_FAILURE_VIEW = "entrepot.web.astray.old_form"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "https:", "http:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF, *live_sources(LIVE_URL, PUBLIC_URL)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
