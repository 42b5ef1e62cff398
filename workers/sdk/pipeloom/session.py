"""Who talks to which server: what programs of ModelArts call a session."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

from backend.domain.interop.unfilled import to_be_filled_in
from pipeloom.client.credentials import of_secret_key
from pipeloom.client.session import Client


@dataclass(eq=False)
class Session:
    """Without anything, the server of `pipeloom login` or of PIPELOOM_URL and PIPELOOM_TOKEN.

    A pair of access key and secret key is taken where the secret key is a token of ours; any other secret key is left
    alone and sent nowhere. `project_id` is the id or the name of a project; `region_name` has no meaning here.
    `url` and `token` are Pipeloom's own."""

    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    project_id: str | None = None
    region_name: str | None = None
    url: str | None = None
    token: str | None = field(default=None, repr=False)
    _client: Client | None = field(default=None, init=False, repr=False)

    @property
    def client(self) -> Client:
        """The connection, made when it is first needed."""
        if self._client is None:
            secret = self.secret_key if isinstance(self.secret_key, str) else None
            self._client = Client(self.url, self.token or of_secret_key(secret) or None)
        return self._client

    def project(self) -> str | None:
        """The id of the project that is meant; None is one's own."""
        wanted = self.project_id
        if not wanted or to_be_filled_in(wanted):
            return None
        mine = self.client.me()["projects"]
        for each in mine:
            if wanted in (each["project"], each["name"]):
                return str(each["project"])
        known = ", ".join(str(each["name"]) for each in mine)
        warnings.warn(f"There is no project “{wanted}” here ({known}): your own is used.", stacklevel=3)
        return None
