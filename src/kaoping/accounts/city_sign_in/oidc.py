"""OpenID Connect: the code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kaoping.accounts.city_sign_in import logic
from kaoping.accounts.city_sign_in.configuration import Configuration, is_safe
from kaoping.accounts.city_sign_in.connection import bounded, no_answer
from kaoping.accounts.city_sign_in.logic import Asked, Failed, Identity

# By a key that only the city has; neither "none" nor a shared secret.
ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
# Seconds by which the city's clock may differ.
LEEWAY: Final = 60
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Oidc:
    """One issuer, asked as one client."""

    def __init__(self, configuration: Configuration) -> None:
        self._has = configuration

    def url(self, asked: Asked, *, back: str) -> str:
        """Where to send the browser."""
        about = self._metadata()
        more = {"nonce": asked.nonce}
        if asked.purpose != logic.ENTER:
            more["prompt"] = "login"
        wanted = [value for name, value in self._has.wanted if name == "acr"]
        if wanted:
            more["acr_values"] = " ".join(wanted)
        with self._session(back) as session:
            url, _state = session.create_authorization_url(
                about["authorization_endpoint"], state=asked.state, code_verifier=asked.verifier, **more
            )
        return str(url)

    def identity(self, asked: Asked, answer: Mapping[str, str], *, back: str, now: datetime) -> Identity:
        """Who came back. Raises ``Failed``."""
        if answer.get("error"):
            raise Failed(
                f"统一身份认证没有放行（{answer['error'][:60]}）。请再试一次，或用登录名和口令登录。"
            )
        if answer.get("iss", self._has.address) != self._has.address or not answer.get("code"):
            raise Failed(logic.NOT_OURS)
        about = self._metadata()
        try:
            with self._session(back) as session:
                token = session.fetch_token(
                    about["token_endpoint"], code=answer["code"], code_verifier=asked.verifier
                )
                claims = self._claims(token, asked, about, now)
                # Only what is signed says how somebody was asked; who it is may also be told beside it.
                strong = logic.counts_twice(self._has.wanted, claims)
                if self._has.claim not in claims and about.get("userinfo_endpoint"):
                    more = session.get(about["userinfo_endpoint"]).json()
                    if more.get("sub") != claims["sub"]:
                        raise Failed(logic.NOT_OURS)
                    claims = {**more, **claims}
        except requests.RequestException as error:
            raise no_answer(error) from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Failed(
                f"统一身份认证的答复核对不上（{type(error).__name__}）。请从登录页重新进；"
                "总是这样，请系统管理员核对设置和服务器时钟。"
            ) from error
        return logic.identity(self._has.address, self._has.claim, claims, strong=strong)

    def leave_url(self, *, back: str) -> str:
        """Where somebody ends the session that the city keeps; '' where the city names no such page."""
        try:
            end = str(self._metadata().get("end_session_endpoint") or "")
        except Failed:
            return ""
        query = urlencode({"client_id": self._has.client, "post_logout_redirect_uri": back})
        return f"{end}{'&' if '?' in end else '?'}{query}" if is_safe(end) else ""

    def look(self) -> None:
        """Whether the city answers as this protocol demands. Raises ``Failed``."""
        self._keys(self._metadata())

    def _session(self, back: str) -> OAuth2Session:
        session = OAuth2Session(
            self._has.client,
            self._has.secret or None,
            scope=self._has.scope,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._has.secret else "none",
        )
        return bounded(session, self._has.authority)

    def _metadata(self) -> dict[str, Any]:
        found = self._get(self._has.address.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self._has.address:
            raise Failed(
                f"统一身份认证自称是 {str(found.get('issuer'))[:100]}，与设置 KAOPING_OIDC_ISSUER 不一致。请系统管理员核对。"
            )
        if not all(isinstance(found.get(one), str) and is_safe(found[one]) for one in _NEEDED):
            raise Failed("统一身份认证的公开说明里缺地址，或不是 HTTPS。请系统管理员核对。")
        return found

    def _keys(self, about: Mapping[str, Any]) -> KeySet:
        try:
            return KeySet.import_key_set(self._get(about["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise no_answer(error) from error

    def _get(self, url: str) -> dict[str, Any]:
        try:
            with bounded(requests.Session(), self._has.authority) as session:
                answer = session.get(url)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise no_answer(error) from error
        if not isinstance(found, dict):
            raise no_answer(ValueError())
        return found

    def _claims(
        self, token: Mapping[str, Any], asked: Asked, about: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """The claims of the identity token, once signature, issuer, audience, term and nonce are right."""
        read = jwt.decode(token["id_token"], self._keys(about), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": self._has.address},
                "aud": {"essential": True, "value": self._has.client},
                "sub": {"essential": True},
            },
            {
                "client_id": self._has.client,
                "nonce": asked.nonce,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(int(now.timestamp()), LEEWAY)
        return dict(claims)
