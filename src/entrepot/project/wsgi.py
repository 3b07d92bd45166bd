"""Pages and API for a WSGI server."""

import os
import signal
from importlib import import_module

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from entrepot.project import assets
from entrepot.project.children import die_with_parent
from entrepot.project.rubbish import look_less_often

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")

if os.environ.get("ENTREPOT_SERVED") and (arm := die_with_parent(signal.SIGTERM, of_ours=False)):
    arm()  # a server's worker process must not outlive the server, even one that was killed

django.setup()
assets.prepare()
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every page's code: else the first request of each process waits for it
look_less_often()
