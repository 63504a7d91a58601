from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.evaluation"
    label = "evaluation"
