from django.apps import AppConfig

from kaoping.web.ui import form_words


class Config(AppConfig):
    name = "kaoping.web.ui"
    label = "ui"

    def ready(self) -> None:
        """The forms speak the program's own words."""
        form_words.install()
