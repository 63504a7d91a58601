from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.monitoring"
    label = "monitoring"
