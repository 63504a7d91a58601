from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.rectification"
    label = "rectification"
