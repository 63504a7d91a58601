"""The shipped proxy profiles: their numbers are the program's own, and nobody speaks through them for somebody else."""

import datetime
import json
import os
import shutil
import socket
import ssl
import subprocess
from http.client import HTTPConnection, HTTPSConnection

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kaoping.cli.commands.serve import _granian
from kaoping.config import fronts
from kaoping.evidence.logic import MAX_BYTES
from kaoping.front import Limits
from kaoping.front.answer import SILENT_SECONDS
from kaoping.front.application import STUCK_SECONDS
from tests.config.proxying import FOLDER, directives, header_rules, proxied

FACES = {"inside.conf": fronts.FORM_INSIDE, "outside.conf": fronts.FORM_OUTSIDE}
STRANGER = "127.0.0.9"
PROXY = "127.0.0.1"
CERTIFICATE = ("X-Client-Verify", "X-Client-Subject", "X-Client-Serial")
UNITS = {"k": 1024, "m": 1024 * 1024, "s": 1}
SPOOFED = {
    "X-Forwarded-For": "10.1.1.1, 127.0.0.1",
    "X_Forwarded_For": "10.1.1.2",
    "X-Real-IP": "10.1.1.3",
    "Forwarded": "for=10.1.1.4",
    "X-Forwarded-Proto": "https",
    "X-Client-Verify": "SUCCESS",
    "X-Client-Subject": "CN=lead",
    "X-Client-Serial": "01",
    "X_Client_Verify": "SUCCESS",
    "X_Client_Subject": "CN=lead",
    "X_Client_Serial": "01",
}


def size(text):
    return int(text[:-1]) * UNITS[text[-1]]


@pytest.mark.parametrize("name", FACES)
def test_the_numbers_are_those_of_the_program(name):
    said = {key: values for key, values in directives(name) if key != "proxy_set_header"}
    assert size(said["client_max_body_size"][0]) == FACES[name]
    header_milliseconds = int(
        _granian("h", 1, "t")[_granian("h", 1, "t").index("--http1-header-read-timeout") + 1]
    )
    assert size(said["client_header_timeout"][0]) * 1000 == header_milliseconds
    assert (
        size(said["client_body_timeout"][0]) == size(said["proxy_send_timeout"][0]) == Limits().silent_seconds
    )
    assert size(said["send_timeout"][0]) == SILENT_SECONDS
    assert size(said["proxy_read_timeout"][0]) == STUCK_SECONDS
    count, each = said["large_client_header_buffers"]
    buffer = int(_granian("h", 1, "t")[_granian("h", 1, "t").index("--http1-buffer-size") + 1])
    assert int(count) * size(each) <= buffer


def test_what_the_handbook_says_of_sizes_is_so():
    page = (FOLDER.parent / "proxy.md").read_text(encoding="utf-8")
    assert f"{fronts.FORM_INSIDE // 1024**2} MB" in page and f"{fronts.FORM_OUTSIDE // 1024} KB" in page
    assert f"四个 {MAX_BYTES // 1024**2} MB" in page and fronts.FORM_INSIDE > 4 * MAX_BYTES
    assert f"{STUCK_SECONDS:.0f} 秒" in page


@pytest.mark.parametrize("name", FACES)
def test_everything_that_is_believed_is_written_by_the_proxy_itself(name):
    rules = header_rules(name)
    assert rules["x-forwarded-for"] == "$remote_addr" and rules["x-forwarded-proto"] == "$scheme"
    assert all(rules[dropped] == "" for dropped in ("forwarded", "x-real-ip", "x-forwarded-host"))
    values = [rules[one.lower()] for one in CERTIFICATE]
    assert values == (
        ["$ssl_client_verify", "$ssl_client_s_dn", "$ssl_client_serial"]
        if name == "inside.conf"
        else [""] * 3
    )


def test_the_outside_log_joins_nobody_with_a_unit():
    """The law wants address and time; a path would name unit and step, a length the answers."""
    [said] = [values for key, values in directives("outside.conf") if key == "log_format"]
    variables = {one.strip("\"[]'") for one in " ".join(said[1:]).split()}
    assert variables == {"$remote_addr", "$time_local", "$request_method", "$status"}
    assert all(values[-1] == "crit" for key, values in directives("outside.conf") if key == "error_log")


def test_the_inside_log_holds_no_link_and_no_ticket():
    text = (FOLDER / "inside.conf").read_text(encoding="utf-8")
    [said] = [values for key, values in directives("inside.conf") if key == "log_format"]
    assert "$request_uri" not in " ".join(said) and "$args" not in " ".join(said) and "referer" not in text
    assert "~^/link/ /link/;" in text


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def face(tmp_path_factory):
    """The real server with the real front; it trusts the proxy's address only."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KAOPING_")}
    environment |= {
        "KAOPING_DATA": str(tmp_path_factory.mktemp("data")),
        "KAOPING_TRUSTED_PROXIES": PROXY,
        "KAOPING_HTTPS": "1",
        "KAOPING_CERTIFICATE_HEADERS": ",".join(CERTIFICATE),
    }
    process = subprocess.Popen(
        _granian("127.0.0.1", port, "tests.config.echoing:application"), env=environment
    )
    try:
        answered(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def answered(process, port):
    """Wait, as long as the process lives, until its port is open."""
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("not started")


def ask(port, headers, *, source=STRANGER, body=b"x", connection=None):
    made = connection or HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    try:
        made.request("POST", "/desk/", body, {"Cookie": "kaoping_inside=1", **headers})
        answer = made.getresponse()
        content = answer.read()
    finally:
        made.close()
    return json.loads(content) if answer.status == 200 else answer.status


def test_who_comes_past_the_proxy_is_believed_nothing(face):
    told = ask(face, SPOOFED)
    assert (told["address"], told["certificate"]) == (STRANGER, "")


@pytest.mark.parametrize("name", FACES)
def test_through_the_profile_a_stranger_is_who_he_is(face, name):
    nothing = {
        "$scheme": "https",
        "$ssl_client_verify": "NONE",
        "$ssl_client_s_dn": "",
        "$ssl_client_serial": "",
    }
    with proxied(face, name, nothing) as proxy:
        told = ask(proxy, SPOOFED)
    assert told == {"address": STRANGER, "certificate": "", "secure": True, "body": 1}


def test_through_the_profile_a_verified_certificate_arrives(face):
    verified = {
        "$scheme": "https",
        "$ssl_client_verify": "SUCCESS",
        "$ssl_client_s_dn": "CN=anna",
        "$ssl_client_serial": "0A",
    }
    with proxied(face, "inside.conf", verified) as proxy:
        assert ask(proxy, SPOOFED)["certificate"] == "0A CN=anna"
    with proxied(face, "outside.conf", verified) as proxy:
        assert ask(proxy, SPOOFED)["certificate"] == ""


def test_without_the_profile_s_rules_the_headers_would_count(face):
    """What the profile is for: a proxy that passes everything on speaks for whoever writes the headers."""
    assert ask(face, SPOOFED, source=PROXY)["certificate"] == "01 CN=lead"


NGINX = shutil.which("nginx") or next((one for one in ("/usr/sbin/nginx",) if os.path.exists(one)), "")


@pytest.mark.slow
@pytest.mark.skipif(not NGINX, reason="没有 nginx，跳过真代理的测试")
@pytest.mark.parametrize("name", FACES)
def test_with_nginx_itself(face, tmp_path, name):
    port = free_port()
    keys = certificates(tmp_path)
    text = (FOLDER / name).read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{face}"),
        ("http://127.0.0.1:8001", f"http://127.0.0.1:{face}"),
        ("/var/log/nginx/", f"{tmp_path}/"),
        ("/etc/nginx/kaoping/", f"{tmp_path}/"),
    ):
        text = text.replace(old, new)
    (tmp_path / "face.conf").write_text(text, encoding="utf-8")
    bodies = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error;"
        f"events {{}} http {{ {bodies} include {tmp_path}/face.conf; }}",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error")]
    )
    try:
        answered(process, port)

        def over_tls(own=""):
            context = ssl.create_default_context(cafile=str(keys / "ca.pem"))
            if own:
                context.load_cert_chain(keys / own)
            return HTTPSConnection(
                "localhost", port, timeout=20, context=context, source_address=(STRANGER, 0)
            )

        host = {"Host": "kaoping.example.gov.cn" if name == "inside.conf" else "pingyi.example.gov.cn"}
        told = ask(port, SPOOFED | host, connection=over_tls())
        assert told == {"address": STRANGER, "certificate": "", "secure": True, "body": 1}
        known = ask(port, SPOOFED | host, connection=over_tls("person.pem"))["certificate"]
        assert known.endswith("CN=anna") if name == "inside.conf" else known == ""
        too_large = b"x" * (FACES[name] + 1)
        assert (
            ask(port, host, connection=over_tls(), body=too_large[: 400 * 1024]) != 413
            or name == "outside.conf"
        )
        if name == "outside.conf":
            assert ask(port, host, connection=over_tls(), body=too_large) == 413
            log = (tmp_path / "kaoping-outside.log").read_text(encoding="utf-8")
            assert "/desk/" not in log and STRANGER in log
    finally:
        process.terminate()
        process.wait(20)


def certificates(folder):
    """An authority, a server's certificate signed by it, and a person's."""
    now = datetime.datetime.now(datetime.UTC)

    def make(name, signer=None, *, authority=False):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer, by = (signer[0].subject, signer[1]) if signer else (subject, key)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(by, hashes.SHA256())
        )
        return made, key

    def pem(pair, *, with_key):
        text = pair[0].public_bytes(serialization.Encoding.PEM)
        if with_key:
            text += pair[1].private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        return text

    authority = make("ca", authority=True)
    server, person = make("localhost", authority), make("anna", authority)
    for face in ("inside", "outside"):
        (folder / f"{face}.pem").write_bytes(pem(server, with_key=True))
        (folder / f"{face}.key").write_bytes(pem(server, with_key=True))
    (folder / "ca.pem").write_bytes(pem(authority, with_key=False))
    (folder / "ukey-ca.pem").write_bytes(pem(authority, with_key=False))
    (folder / "person.pem").write_bytes(pem(person, with_key=True))
    return folder
