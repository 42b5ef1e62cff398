#!/usr/bin/env python3
"""Pipeloom's command line: `manage.py up`, `doctor`, `worker`, `reconcile`, `createtoken`, and Django's own."""

import os
import runpy
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """`up` supervises the other processes and therefore stays small: it never loads the application."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    if sys.argv[1:2] == ["up"]:
        sys.argv = [f"{sys.argv[0]} up", *sys.argv[2:]]
        runpy.run_module("backend.config.embedded.up", run_name="__main__")
        return
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
