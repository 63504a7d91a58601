from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.evidence"
    label = "evidence"
