from django.apps import AppConfig

from entrepot.project.stores import register_connectors


class ProjectConfig(AppConfig):
    name = "entrepot.project"
    label = "project"

    def ready(self) -> None:
        """Tell the books which channels there are."""
        register_connectors()
