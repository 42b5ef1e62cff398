"""`from modelarts import workflow as wf`: the objects of `pipeloom.workflow`."""

from pipeloom.workflow import *  # noqa: F403 - the same names, whatever they are
