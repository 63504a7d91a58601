"""Two small sign-in servers of a city on loopback, which do what they are told, also what they must not."""

import json
import secrets
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "one"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one"})


class Serving:
    """A server whose answers are functions of path and query; every request is kept."""

    def __init__(self):
        self.asked = []
        serving = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length).decode()
                parts = urlsplit(self.path)
                serving.asked.append(parts.path)
                form = {name: many[0] for name, many in parse_qs(body or parts.query).items()}
                status, kind, text = serving.answer(parts.path, form, self.headers)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status == 302:
                    self.send_header("Location", text)
                content = text.encode()
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @contextmanager
    def running(self):
        thread = Thread(target=self.server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()


class OidcCity(Serving):
    """An issuer. ``says`` changes claims of the next token, ``metadata`` the published description."""

    def __init__(self):
        super().__init__()
        self.codes, self.says, self.metadata, self.userinfo = {}, {}, {}, {}
        self.key, self.algorithm, self.broken = KEY, "RS256", ""

    def signed_in(self, location, **claims):
        """Somebody signed in at the address to which the browser was sent: the query of the way back."""
        query = dict(parse_qsl(urlsplit(location).query))
        code = secrets.token_urlsafe(8)
        self.codes[code] = {**query, "claims": claims}
        return {"code": code, "state": query["state"]}

    def answer(self, path, form, headers):
        if self.broken:
            return 302, "text/html", self.broken
        if path == "/.well-known/openid-configuration":
            about = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "end_session_endpoint": f"{self.url}/leave",
            }
            return 200, "application/json", json.dumps({**about, **self.metadata})
        if path == "/keys":
            return 200, "application/json", json.dumps({"keys": [KEY.as_dict(private=False)]})
        if path == "/userinfo":
            return 200, "application/json", json.dumps(self.userinfo)
        if path == "/token":
            return self._token(form, headers)
        return 404, "text/plain", ""

    def _token(self, form, headers):
        asked = self.codes.pop(form.get("code"), None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode()
        if (
            asked is None
            or challenge.rstrip("=") != asked["code_challenge"]
            or asked["code_challenge_method"] != "S256"
            or form["redirect_uri"] != asked["redirect_uri"]
            or not headers.get("Authorization", "").startswith("Basic ")
        ):
            return 400, "application/json", json.dumps({"error": "invalid_grant"})
        now = int(self.now().timestamp())
        claims = {
            "iss": self.url, "aud": "kaoping", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            **asked["claims"], **self.says,
        }  # fmt: skip
        token = jwt.encode(
            {"alg": self.algorithm, "kid": "one"},
            {name: value for name, value in claims.items() if value is not None},
            self.key,
            algorithms=[self.algorithm],
        )
        told = {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token}
        return 200, "application/json", json.dumps(told)


CAS = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{}</cas:serviceResponse>'


class CasCity(Serving):
    """A CAS server: one ticket a sign-in, good once and for its own service."""

    def __init__(self):
        super().__init__()
        self.tickets = {}

    def signed_in(self, location, user, **attributes):
        """Somebody signed in at the address to which the browser was sent: the query of the way back."""
        service = dict(parse_qsl(urlsplit(location).query))["service"]
        ticket = f"ST-{secrets.token_urlsafe(8)}"
        self.tickets[ticket] = (service, user, attributes)
        return {**dict(parse_qsl(urlsplit(service).query)), "ticket": ticket}

    def answer(self, path, form, headers):
        if path != "/cas/p3/serviceValidate":
            return 404, "text/plain", ""
        service, user, attributes = self.tickets.pop(form["ticket"], ("", "", {}))
        if not user or service != form["service"]:
            failure = '<cas:authenticationFailure code="INVALID_TICKET">no</cas:authenticationFailure>'
            return 200, "application/xml", CAS.format(failure)
        said = "".join(f"<cas:{name}>{value}</cas:{name}>" for name, value in attributes.items())
        success = (
            f"<cas:authenticationSuccess><cas:user>{user}</cas:user>"
            f"<cas:attributes>{said}</cas:attributes></cas:authenticationSuccess>"
        )
        return 200, "application/xml", CAS.format(success)
