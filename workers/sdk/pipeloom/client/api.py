"""One connection to a Pipeloom server: bearer token, JSON in and out, refusals as ProblemError."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any

import httpx

from pipeloom.client.credentials import credentials
from pipeloom.client.errors import PipeloomError, ProblemError, ServerUnreachable

Json = Any
TIMEOUT_SECONDS = 60.0


class Api:
    """`url` and `token` default to PIPELOOM_URL and PIPELOOM_TOKEN, and those to what `pipeloom login` kept."""

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        self.url, self.token = credentials(url, token)
        # Proxies of the environment are for the internet; the server is named on purpose.
        self._http = httpx.Client(
            base_url=f"{self.url}/api/", headers=self.headers, timeout=TIMEOUT_SECONDS, trust_env=False
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **params: Any) -> Json:
        return self.request("GET", path, params={name: value for name, value in params.items() if value is not None})

    def post(self, path: str, body: Json = None) -> Json:
        return self.request("POST", path, json={} if body is None else body)

    def put(self, path: str, body: Json) -> Json:
        return self.request("PUT", path, json=body)

    def delete(self, path: str) -> None:
        self.request("DELETE", path)

    def request(self, method: str, path: str, **options: Any) -> Json:
        try:
            response = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise ServerUnreachable(f"{self.url} does not answer: {error or type(error).__name__}") from error
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise PipeloomError(f"This cannot be asked of {self.url}: {error}") from error
        if response.is_error:
            raise refusal(response)
        try:
            return response.json() if response.content else None
        except ValueError:
            raise PipeloomError(f"What answers at {self.url} is not Pipeloom.") from None

    def content(self, path: str, start: int = 0) -> bytes:
        """The bytes of a file from an offset on; none when there are no more."""
        try:
            response = self._http.get(path, headers={"Range": f"bytes={start}-"})
        except httpx.TransportError as error:
            raise ServerUnreachable(f"{self.url} does not answer: {error or type(error).__name__}") from error
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return b""
        if response.is_error:
            raise refusal(response)
        return response.content if response.status_code == httpx.codes.PARTIAL_CONTENT else response.content[start:]

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """The rows of a list, over all its pages."""
        cursor = None
        while True:
            page = self.get(path, **params, cursor=cursor)
            yield from page["items"]
            cursor = page.get("next")
            if not cursor:
                return

    def socket_url(self, path: str) -> str:
        return f"ws{self.url.removeprefix('http')}{path}"

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def refusal(response: httpx.Response) -> ProblemError:
    try:
        body = response.json()
    except ValueError:
        body = {}
    return ProblemError(response.status_code, body if isinstance(body, dict) else {})
