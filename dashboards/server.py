"""The web application around the pages: what must be right before any page is drawn, such as its language."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware


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
            opening["headers"] = [*kept, (b"content-length", str(len(page)).encode())]
            await send(opening)
            await send({"type": "http.response.body", "body": page})

        body = bytearray()
        # The page must come uncompressed to be changed; it is small.
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        wants_page = "." not in scope["path"].rsplit("/", 1)[-1]
        await self.app(scope | {"headers": plain} if wants_page else scope, receive, rewrite)


app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(BritishEnglish)])
