from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "entrepot.project"
    label = "project"
