from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "entrepot.fulfilment"
    label = "fulfilment"
