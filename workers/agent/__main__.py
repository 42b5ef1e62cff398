"""`python -m workers.agent [celery options]`: the worker host, with Django set up before its models are imported."""

import runpy

import django

django.setup()
runpy.run_module("workers.agent.host", run_name="__main__")
