from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.publication"
    label = "publication"
