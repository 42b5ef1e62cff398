"""What requests about accounts say, and what they are answered."""

from typing import Any

from rest_framework import serializers

from backend.apps.accounts.models import Role
from backend.shared.http import PageQuery, Strict


class TokenOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="How the token begins.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class TokenCreate(Strict):
    name = serializers.CharField(max_length=100, help_text="What it is for.")
    days = serializers.IntegerField(
        required=False, min_value=1, max_value=3650, help_text="Days until it stops working; without it, never."
    )


class TokenMade(TokenOut):
    token = serializers.CharField(help_text="Shown only now.")


class TokenListQuery(PageQuery):
    order = serializers.ChoiceField(choices=["created_at", "-created_at", "name", "-name"], default="-created_at")


class TokenPage(serializers.Serializer[Any]):
    items = TokenOut(many=True)
    next = serializers.CharField(allow_null=True)


class MembershipOut(serializers.Serializer[Any]):
    project = serializers.UUIDField(source="project_id")
    name = serializers.CharField(source="project.name")
    role = serializers.ChoiceField(choices=Role.values)
    personal = serializers.SerializerMethodField()

    def get_personal(self, row: Any) -> bool:
        return bool(row.project.personal_of_id == row.user_id)


class MeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    projects = MembershipOut(many=True)
