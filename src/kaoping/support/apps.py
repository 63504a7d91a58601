from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.support"
    label = "support"
