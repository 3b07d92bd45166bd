"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path

from entrepot.api.app import api
from entrepot.channels import hooks
from entrepot.project import views

handler500 = "entrepot.project.views.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz),
    path("metrics", views.metrics),
    path("api/v1/", api.urls),
    path("hooks/<uuid:public_id>", hooks.receive, name="hook"),
    path("", include("entrepot.web.urls")),
]
