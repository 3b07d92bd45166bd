from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "entrepot.sheets"
    default_auto_field = "django.db.models.BigAutoField"
