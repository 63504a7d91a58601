from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.campaigns"
    label = "campaigns"
