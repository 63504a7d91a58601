from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.web.ui"
    label = "ui"
