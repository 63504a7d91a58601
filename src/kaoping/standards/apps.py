from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.standards"
    label = "standards"
