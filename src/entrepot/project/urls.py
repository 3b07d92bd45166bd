"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from entrepot.api.app import api
from entrepot.api.unforeseen import no_such_address
from entrepot.channels import hooks
from entrepot.project import views

handler400 = "entrepot.project.views.unreadable"
handler403 = "entrepot.web.astray.not_allowed"
handler404 = "entrepot.web.astray.no_page"
handler500 = "entrepot.project.views.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz),
    path("metrics", views.metrics),
    path("api/v1/", api.urls),
    re_path(r"^api(?:/|$)", no_such_address),
    path("hooks/<uuid:public_id>", hooks.receive, name="hook"),
    path("", include("entrepot.web.urls")),
]
