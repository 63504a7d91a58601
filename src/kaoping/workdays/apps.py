from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.workdays"
    label = "workdays"
