"""What changes accounts: people, projects and roles, invitations, tokens, one-time links."""

from backend.apps.accounts.services.guard import guarded, password_renew, sign_in
from backend.apps.accounts.services.invitations import (
    invitation_accept,
    invitation_create,
    invitation_register,
    invitation_revoke,
)
from backend.apps.accounts.services.people import (
    FIRST_USER,
    password_change,
    profile_change,
    user_create,
    user_ensure_first,
    user_register,
)
from backend.apps.accounts.services.projects import member_remove, member_set, project_create, project_rename
from backend.apps.accounts.services.tokens import (
    sign_in_link_consume,
    sign_in_link_create,
    sign_ins_forget,
    token_create,
    token_make,
    token_revoke,
)

__all__ = [
    "FIRST_USER",
    "guarded",
    "invitation_accept",
    "invitation_create",
    "invitation_register",
    "invitation_revoke",
    "member_remove",
    "member_set",
    "password_change",
    "password_renew",
    "profile_change",
    "project_create",
    "project_rename",
    "sign_in",
    "sign_in_link_consume",
    "sign_in_link_create",
    "sign_ins_forget",
    "token_create",
    "token_make",
    "token_revoke",
    "user_create",
    "user_ensure_first",
    "user_register",
]
