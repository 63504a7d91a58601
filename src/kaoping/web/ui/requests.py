"""The request inside: somebody is signed in, and the middleware has said who."""

from __future__ import annotations

from django.http import HttpRequest

from kaoping.accounts.actor import Actor


class SignedIn(HttpRequest):
    """A request whose ``actor`` the gate has set."""

    actor: Actor
