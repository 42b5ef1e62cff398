"""Stands for `modelarts.workflow.client`."""
