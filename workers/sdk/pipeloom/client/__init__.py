"""Drive a Pipeloom server from Python.

from pipeloom.client import Client

client = Client()                       # PIPELOOM_URL and PIPELOOM_TOKEN, or `pipeloom login`
workflow = client.workflow_create(document)
run = client.run_start(workflow["id"], {"epochs": 5})
for update in client.follow(run["id"]):
    print(update.view.state, update.frame)
"""

from pipeloom.client.credentials import Credentials, CredentialsError, credentials
from pipeloom.client.errors import PipeloomError, ProblemError, ServerUnreachable
from pipeloom.client.follow import Follower, Update
from pipeloom.client.session import Client
from pipeloom.client.view import Fold, RunView

__all__ = [
    "Client",
    "Credentials",
    "CredentialsError",
    "Fold",
    "Follower",
    "PipeloomError",
    "ProblemError",
    "RunView",
    "ServerUnreachable",
    "Update",
    "credentials",
]
