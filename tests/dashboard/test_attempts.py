"""Attempts to reach a person's row, another file or another release: each is refused, and says nothing.

Addresses go to the running server byte for byte, for a client would tidy them; parameters go to the pages.
"""

import http.client
import socket

import pytest
from opening import drawn, html, opened

from dashboards import guards

SECRET = "A-ROW-OF-A-PERSON"
ADDRESSES = [
    "/../secret.csv", "/../../secret.csv", "/../../../../../../etc/passwd", "/..%2f..%2fsecret.csv",
    "/%2e%2e/%2e%2e/secret.csv", "/%252e%252e/secret.csv", "/..%5c..%5csecret.csv", "/static/../../secret.csv",
    "/static/%2e%2e/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "/media/../secret.csv", "/media/%2e%2e%2fsecret.csv",
    "/media/warehouse.duckdb", "/media/0000000000000000.csv", "/app/static/secret.csv", "/app/static/../app.py",
    "/component/x/../../secret.csv", "/component/secret.csv", "/_stcore/upload_file/x/y", "/_stcore/metrics",
    "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp",
    "/_stcore/bidi-components/x", "/overview/_stcore/metrics", "//etc/passwd", "/static//etc/passwd",
    "/file:///etc/passwd", "/static/%00secret.csv", "/%00", "/\\..\\secret.csv", "/static/;/../../secret.csv",
    "/releases/current/release.duckdb", "/warehouse.duckdb", "/data/warehouse.duckdb", "/.streamlit/config.toml",
    "/.streamlit/secrets.toml", "/app.py", "/server.py", "/release.duckdb", "/.git/config",
]  # fmt: skip
SQL = [
    "' or 1=1 --", "x'; drop table release; --", "x') union select * from read_csv('{file}') --",
    "read_text('{file}')", "'||(select content from read_text('{file}'))||'", "{file}", "../secret.csv", "*", "%",
    "all' or 'a'='a", "\x00", "${{getenv('HOME')}}", "<script>alert(1)</script>",
]  # fmt: skip


@pytest.fixture
def secret(data):
    file = data / "secret.csv"
    file.write_text(SECRET)
    yield file
    file.unlink()


def asked(address: str, request: bytes) -> tuple[int, dict, bytes]:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def get(address: str, path: str, method: str = "GET") -> tuple[int, dict, bytes]:
    line = f"{method} {path} HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    return asked(address, line.encode("latin-1"))


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_address_leads_to_another_file(address, secret, path):
    status, headers, body = get(address, path)
    assert (
        SECRET.encode() not in body
        and b"root:" not in body
        and b"def " not in body
        and b"DUCK" not in body[:64]
    )
    # Either refused, or the page that any unknown name gets: never a file.
    assert status >= 400 or (body.lstrip().startswith(b"<!--") and b'<div id="root">' in body)
    if status != 400:
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_nothing_can_be_sent(address, method):
    for path in ("/", "/_stcore/upload_file/a/b", "/_stcore/agent/interact"):
        assert get(address, path, method)[0] in (400, 404, 405)


@pytest.mark.parametrize("value", SQL)
@pytest.mark.parametrize("name", ["area", "show", "period"])
def test_no_parameter_is_more_than_a_choice(served, secret, name, value):
    given = value.format(file=secret)
    page = opened("emergency_admissions", **{name: given})
    everything = " ".join(html(page))
    assert SECRET not in everything and "stood at" in everything and "<script>" not in everything


@pytest.mark.parametrize("value", SQL)
def test_a_search_is_words_and_nothing_else(served, secret, value):
    page = drawn("search.draw(session_release())", q=value.format(file=secret))
    everything = " ".join(html(page))
    assert SECRET not in everything and "<script>" not in everything


def test_every_page_carries_the_policy_and_its_one_script(address):
    status, headers, body = get(address, "/")
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert status == 200 and rules["default-src"] == "'none'"
    assert rules["script-src"].startswith("'self' 'sha256-") and rules["script-src"].count("sha256") == 1
    assert (
        "unsafe-eval" not in headers["content-security-policy"] and "unsafe-inline" not in rules["script-src"]
    )
    assert headers.items() >= guards.HEADERS.items()
    assert b'<html lang="en-GB">' in body


def test_the_health_address_names_the_release(address, release):
    import json

    status, _, body = get(address, "/health")
    assert status == 200 and json.loads(body) == {"status": "ok", "release": release.facts["release_id"]}


def test_people_who_browse_at_once_are_timed(address):
    from breakwater.bench import browse

    found = browse.browse(int(address.rsplit(":", 1)[1]), 2, 6)
    assert len(found["page"]) >= 2 and all(0 < seconds < 60 for seconds in found["page"])
    assert browse.in_words({"page": [1.0] * 19 + [3.0], "choice": []}) == [
        "page: 20, median 1.00 s, 95th percentile 2.90 s"
    ]
