"""What every answer of the web application carries, and what it refuses before a page is drawn.

The content security policy says what a page may load: itself. Two things Streamlit needs weaken it: its styles are
written into the page (`style-src 'unsafe-inline'`), and one script stands in the page, allowed by its own digest.
Charts are interpreted, so no text ever runs as code (no `unsafe-eval`).
"""

import base64
import hashlib
import re

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self' blob:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Of Streamlit's own addresses, those that pages need. No uploads, no components, no agents, no counters.
CORE = re.compile(r"(/[\w-]+)?/_stcore/(health|host-config|stream|allowed-message-origins)/?")
SHUT = re.compile(r"(/[\w-]+)?/(_stcore|component|app|vendor)(/.*)?", re.DOTALL)
SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def policy(page: bytes = b"") -> str:
    """Return the content security policy of a page with the scripts that stand in it."""
    digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in SCRIPT.findall(page)]
    rules = POLICY | {"script-src": " ".join([POLICY["script-src"], *(f"'sha256-{one}'" for one in digests)])}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def refused(method: str, path: str) -> bool:
    """Tell whether a request is for something no page needs. path: decoded, as the application sees it."""
    if method not in ("GET", "HEAD"):
        return True
    if any(sign in path for sign in ("..", "\\", "\x00", "//", "%")) or len(path) > 500:
        return True
    return bool(SHUT.fullmatch(path)) and not CORE.fullmatch(path)


class Guards:
    """ASGI middleware that refuses and adds headers."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message):
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = HEADERS | {"content-security-policy": policy()}
                message["headers"] = [*message["headers"]] + [
                    (name.encode(), value.encode())
                    for name, value in more.items()
                    if name.encode() not in given
                ]
            await send(message)

        if refused(scope["method"], scope["path"]):
            await guarded({"type": "http.response.start", "status": 404,
                           "headers": [(b"content-type", b"text/plain; charset=utf-8")]})  # fmt: skip
            await send({"type": "http.response.body", "body": b"There is nothing here."})
            return
        await self.app(scope, receive, guarded)
