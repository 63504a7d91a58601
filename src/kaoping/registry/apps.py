from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.registry"
    label = "registry"
