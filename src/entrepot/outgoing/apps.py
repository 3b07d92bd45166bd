from django.apps import AppConfig


class OutgoingConfig(AppConfig):
    name = "entrepot.outgoing"
