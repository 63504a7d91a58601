"""Pictures of archived pages: laid out from kept bytes by a browser that never meets the network. Free of Django.

Nouns: a snapshot (one page with its stylesheets and pictures in itself, and nothing that acts), parts (what the guarded
fetcher got for it), a picture (PNG). Verb: ``picture_of``. The browser is started by its command line for one page, with a
profile of its own that is removed afterwards, under limits of time, memory and size; its name lookups fail, its proxy is
dead and its page may load nothing. What it shows is what the bytes say: scripts do not run.

It decides nothing: no archive depends on a picture, and none is made where no Chromium stands.
"""

from kaoping.rendering.browser import Limits, find, version
from kaoping.rendering.gather import Gathering
from kaoping.rendering.picture import LABEL, NoPicture, Page, picture_of

__all__ = ["LABEL", "Gathering", "Limits", "NoPicture", "Page", "find", "picture_of", "version"]
