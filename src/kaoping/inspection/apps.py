from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.inspection"
    label = "inspection"
