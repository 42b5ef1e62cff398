"""`python -m workers.agent [celery options]`: what `manage.py worker` becomes."""

import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from workers.agent.host import main  # noqa: E402 - models can only be loaded when Django is ready

if __name__ == "__main__":
    code = main(sys.argv[1:])
    logging.getLogger("workers.agent").info("Celery ended with %s.", code)
    sys.exit(code if code >= 0 else 128 - code)
