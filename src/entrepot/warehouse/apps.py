from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "entrepot.warehouse"
    label = "warehouse"
