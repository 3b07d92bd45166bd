"""Pages and API for a WSGI server."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from entrepot.project.children import die_with_parent
from entrepot.project.rubbish import look_less_often

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.project.settings")

if os.environ.get("ENTREPOT_SERVED") and (arm := die_with_parent(signal.SIGTERM, of_ours=False)):
    arm()  # a server's worker process must not outlive the server, even one that was killed

application = get_wsgi_application()
look_less_often()
