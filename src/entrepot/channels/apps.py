from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "entrepot.channels"
    label = "channels"
