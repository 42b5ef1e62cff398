"""What requests about accounts say, and what they are answered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.apps.accounts.models import Role, reach_of
from backend.shared.clock import now
from backend.shared.http import JsonObject, PageQuery, SearchQuery, Strict, WholeQuery

LANGUAGES = ("en", "zh-Hans")
LONGEST_PASSWORD = 500


class TokenOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="How the token begins.")
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    project = serializers.UUIDField(source="project_id", allow_null=True, help_text="It reaches into this one only.")
    project_name = serializers.CharField(source="project.name", allow_null=True, default=None)
    role = serializers.ChoiceField(
        choices=["", *Role.values], help_text="It may do no more than this; empty: all you may."
    )


class TokenCreate(Strict):
    name = serializers.CharField(max_length=100, help_text="What it is for.")
    days = serializers.IntegerField(
        required=False, min_value=1, max_value=3650, help_text="Days until it stops working; without it, never."
    )
    project = serializers.UUIDField(required=False, help_text="Only for this project; without it, for all of yours.")
    role = serializers.ChoiceField(
        choices=Role.values, required=False, help_text="At most what this role may; without it, all that you may."
    )


class TokenMade(TokenOut):
    token = serializers.CharField(help_text="Shown only now.")


class TokenListQuery(SearchQuery):
    project = serializers.UUIDField(required=False, help_text="Only those that reach no further than this project.")
    order = serializers.ChoiceField(choices=["created_at", "-created_at", "name", "-name"], default="-created_at")


class TokenPage(serializers.Serializer[Any]):
    items = TokenOut(many=True)
    next = serializers.CharField(allow_null=True)


class MembershipOut(serializers.Serializer[Any]):
    project = serializers.UUIDField(source="project_id")
    name = serializers.CharField(source="project.name")
    role = serializers.SerializerMethodField()
    personal = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": Role.values})
    def get_role(self, row: Any) -> str:
        return reach_of(self.context["user"]).least(row.role)

    def get_personal(self, row: Any) -> bool:
        return bool(row.project.personal_of_id == row.user_id)


class MeOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField()
    email = serializers.CharField()
    language = serializers.CharField(help_text="In which the person is written to; empty: not chosen.")
    has_password = serializers.BooleanField(help_text="Whether name and password sign in.")
    projects = MembershipOut(many=True)


class MeChange(Strict):
    display_name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    language = serializers.ChoiceField(choices=["", *LANGUAGES], required=False)


class PasswordChange(Strict):
    current = serializers.CharField(
        max_length=LONGEST_PASSWORD,
        allow_blank=True,
        trim_whitespace=False,
        default="",
        help_text="Where there is one.",
    )
    new = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)


class ProjectName(Strict):
    name = serializers.CharField(max_length=100)


class ProjectOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.SerializerMethodField(help_text="Yours.")
    owner = serializers.CharField(
        source="personal_of.username", allow_null=True, default=None, help_text="Whose personal project it is."
    )
    members = serializers.IntegerField(source="people")
    created_at = serializers.DateTimeField()

    @extend_schema_field({"type": "string", "enum": Role.values})
    def get_role(self, row: Any) -> str:
        return reach_of(self.context["user"]).least(row.my_role)


class ProjectListQuery(SearchQuery):
    role = serializers.ChoiceField(choices=Role.values, required=False, help_text="Only those where this is your role.")
    order = serializers.ChoiceField(choices=["name", "-name", "created_at", "-created_at"], default="name")


class ProjectPage(serializers.Serializer[Any]):
    items = ProjectOut(many=True)
    next = serializers.CharField(allow_null=True)


class MemberOut(serializers.Serializer[Any]):
    user = serializers.UUIDField(source="user_id")
    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")
    role = serializers.ChoiceField(choices=Role.values)
    joined_at = serializers.DateTimeField()
    owner = serializers.SerializerMethodField(help_text="Whose personal project it is.")
    fixed = serializers.SerializerMethodField(help_text="Why the role cannot change: a problem code, or null.")

    def get_owner(self, row: Any) -> bool:
        return bool(self.context["project"].personal_of_id == row.user_id)

    @extend_schema_field({"type": ["string", "null"]})
    def get_fixed(self, row: Any) -> str | None:
        if self.get_owner(row):
            return "project.owner_stays"
        alone = row.role == Role.MANAGER and self.context["managers"] == 1
        return "project.last_manager" if alone else None


class MemberListQuery(WholeQuery):
    role = serializers.ChoiceField(choices=Role.values, required=False)
    order = serializers.ChoiceField(choices=["username", "-username", "role", "-role"], default="username")


class MemberList(serializers.Serializer[Any]):
    items = MemberOut(many=True)
    next = serializers.CharField(allow_null=True)


class MemberChange(Strict):
    role = serializers.ChoiceField(choices=Role.values)


class InvitationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.values)
    note = serializers.CharField()
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    uses = serializers.IntegerField(help_text="How many have joined by it.")
    max_uses = serializers.IntegerField()
    state = serializers.SerializerMethodField(help_text="open, used, expired or revoked.")

    def get_state(self, row: Any) -> str:
        if row.revoked_at is not None:
            return "revoked"
        if row.uses >= row.max_uses:
            return "used"
        return "open" if row.expires_at > now() else "expired"


class InvitationCreate(Strict):
    role = serializers.ChoiceField(choices=Role.values)
    days = serializers.IntegerField(min_value=1, max_value=90, default=7, help_text="Days until it stops working.")
    max_uses = serializers.IntegerField(min_value=1, max_value=100, default=1, help_text="How many may join by it.")
    note = serializers.CharField(max_length=100, allow_blank=True, default="", help_text="For whom, for your memory.")


class InvitationMade(InvitationOut):
    link = serializers.CharField(help_text="Shown only now.")


class InvitationListQuery(PageQuery):
    role = serializers.ChoiceField(choices=Role.values, required=False)
    order = serializers.ChoiceField(choices=["-created_at", "created_at"], default="-created_at")


class InvitationPage(serializers.Serializer[Any]):
    items = InvitationOut(many=True)
    next = serializers.CharField(allow_null=True)


class HistoryQuery(PageQuery):
    kind = serializers.CharField(required=False, max_length=30, help_text="Only this kind of event.")
    by = serializers.CharField(required=False, max_length=150, help_text="Only what this person did.")
    whom = serializers.CharField(required=False, max_length=150, help_text="Only what was done to this person.")
    order = serializers.ChoiceField(choices=["-at", "at"], default="-at")


class HistoryOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    by = serializers.CharField(help_text="Name at that time; empty where nobody did it.")
    whom = serializers.CharField()
    details = JsonObject()


class HistoryPage(serializers.Serializer[Any]):
    items = HistoryOut(many=True)
    next = serializers.CharField(allow_null=True)
