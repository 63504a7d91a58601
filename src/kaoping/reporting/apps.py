from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.reporting"
    label = "reporting"
