"""CAS, protocol 3: the ticket that comes back is checked with the city's machine (CAS Protocol 3.0, /p3/serviceValidate)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from xml.etree.ElementTree import ParseError

import requests
from cas import CASClientV3

from kaoping.accounts.city_sign_in import logic
from kaoping.accounts.city_sign_in.configuration import Configuration
from kaoping.accounts.city_sign_in.connection import bounded, no_answer
from kaoping.accounts.city_sign_in.logic import Asked, Failed, Identity

# Names of the ticket's owner, beside the attributes.
USER: Final = "user"
_LONGEST_TICKET: Final = 500


class Cas:
    """One CAS server."""

    def __init__(self, configuration: Configuration) -> None:
        self._has = configuration

    def url(self, asked: Asked, *, back: str) -> str:
        """Where to send the browser. CAS knows no state: it stands in the address to come back to."""
        with self._client(self._service(asked, back), again=asked.purpose != logic.ENTER) as client:
            return str(client.get_login_url())

    def identity(self, asked: Asked, answer: Mapping[str, str], *, back: str, now: datetime) -> Identity:
        """Who came back. Raises ``Failed``."""
        ticket = answer.get("ticket", "")
        if not ticket or len(ticket) > _LONGEST_TICKET:
            raise Failed(logic.NOT_OURS)
        try:
            with self._client(self._service(asked, back)) as client:
                user, said, _proxy = client.verify_ticket(ticket)
        except (requests.RequestException, ParseError, ValueError, AttributeError, IndexError) as error:
            raise no_answer(error) from error
        if not user:
            raise Failed("统一身份认证不认这张票据：多半已用过，或在登录页停得太久。请从登录页重新进。")
        claims = {**(said or {}), USER: user}
        strong = logic.counts_twice(self._has.wanted, claims)
        return logic.identity(self._has.address, self._has.claim, claims, strong=strong)

    def leave_url(self, *, back: str) -> str:
        """Where somebody ends the session that the city keeps."""
        with self._client(back) as client:
            return str(client.get_logout_url(back))

    def look(self) -> None:
        """Whether the city answers as this protocol demands: a ticket that nobody issued is refused. Raises ``Failed``."""
        try:
            with self._client("http://localhost/") as client:
                user, _said, _proxy = client.verify_ticket("ST-none")
        except (requests.RequestException, ParseError, ValueError, AttributeError, IndexError) as error:
            raise no_answer(error) from error
        if user:
            raise Failed("统一身份认证认了一张不存在的票据，不能用。请系统管理员核对 KAOPING_CAS_URL。")

    @contextmanager
    def _client(self, service: str, *, again: bool = False) -> Iterator[CASClientV3]:
        with bounded(requests.Session(), self._has.authority) as session:
            yield CASClientV3(
                service_url=service,
                server_url=self._has.address,
                renew=again,
                verify_ssl_certificate=self._has.authority or True,
                session=session,
            )

    def _service(self, asked: Asked, back: str) -> str:
        return f"{back}?{urlencode({'state': asked.state})}"
