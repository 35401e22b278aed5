"""The web application around the pages: language, security headers, and an address that tells whether it is well."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboards import guards
from dashboards.release import NoRelease, release_path, summary


class BritishEnglish:
    """Says in the page itself that it is British English: screen readers need it; Streamlit cannot."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        opening = None

        async def rewrite(message):
            nonlocal opening
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                if not headers.get(b"content-type", b"").startswith(b"text/html"):
                    await send(message)
                else:
                    opening = message
                return
            if opening is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            page = bytes(body).replace(b'<html lang="en">', b'<html lang="en-GB">')
            page = page.replace(b"<title>Streamlit</title>", b"<title>Breakwater</title>")
            kept = [pair for pair in opening["headers"] if pair[0] != b"content-length"]
            rules = (b"content-security-policy", guards.policy(page).encode())
            opening["headers"] = [*kept, (b"content-length", str(len(page)).encode()), rules]
            await send(opening)
            await send({"type": "http.response.body", "body": page})

        body = bytearray()
        # The page must come uncompressed to be changed; it is small.
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        wants_page = "." not in scope["path"].rsplit("/", 1)[-1]
        await self.app(scope | {"headers": plain} if wants_page else scope, receive, rewrite)


async def health(request) -> JSONResponse:
    """Answer 200 with the current release, or 503 where there is none that can be read."""
    try:
        facts = summary(release_path())
    except NoRelease:
        facts = None
    if facts is None:
        return JSONResponse({"status": "no release"}, status_code=503)
    return JSONResponse({"status": "ok", "release": facts["release_id"]})


app = st.App(
    Path(__file__).with_name("app.py"),
    middleware=[Middleware(guards.Guards), Middleware(BritishEnglish)],
    routes=[Route("/health", health)],
)
