"""Other settings of a step before it is tried again, as they are asked for and as they are told."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.shared.http import AnyJson, JsonObject, Strict


class StepEdit(Strict):
    """Parts of a step, each as the document has it and as a whole. What is left out stays as it is."""

    properties = JsonObject(required=False)
    policy = JsonObject(required=False)
    outputs = serializers.ListField(
        child=JsonObject(), required=False, max_length=1_000, help_text="With the same names and types."
    )


class EditChangeOut(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="Pointer into the step, or below `/values` where it is a value of the run.")
    before = AnyJson(allow_null=True)
    after = AnyJson(allow_null=True)


class EditStoryOut(serializers.Serializer[Any]):
    attempt = serializers.IntegerField(help_text="The attempt that was the first to run like this.")
    name = serializers.CharField(allow_null=True, help_text="Whoever changed it, as they were called then.")
    changes = EditChangeOut(many=True)


class EditedOut(serializers.Serializer[Any]):
    step = JsonObject(help_text="What holds instead of the document's: properties, policy, outputs.")
    changes = EditStoryOut(many=True)
