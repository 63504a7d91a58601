from django.apps import AppConfig


class Config(AppConfig):
    name = "kaoping.accounts"
    label = "accounts"
