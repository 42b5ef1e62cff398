"""Everything that may be done to topics, subscriptions, deliveries and inboxes."""

from backend.apps.notifications.services.inbox import notification_done, notifications_done, settings_save
from backend.apps.notifications.services.mailing import mail_available
from backend.apps.notifications.services.sending import deliveries_due, delivery_claim, delivery_send, old_drop
from backend.apps.notifications.services.subscriptions import (
    run_follow,
    subscription_change,
    subscription_create,
    subscription_delete,
    switch_set,
)
from backend.apps.notifications.services.telling import run_tell, runs_with_news
from backend.apps.notifications.services.topics import (
    channel_add,
    channel_change,
    channel_remove,
    channel_renew,
    delivery_again,
    topic_create,
    topic_delete,
    topic_rename,
    topic_test,
)

__all__ = [
    "channel_add",
    "channel_change",
    "channel_remove",
    "channel_renew",
    "deliveries_due",
    "delivery_again",
    "delivery_claim",
    "delivery_send",
    "mail_available",
    "notification_done",
    "notifications_done",
    "old_drop",
    "run_follow",
    "run_tell",
    "runs_with_news",
    "settings_save",
    "subscription_change",
    "subscription_create",
    "subscription_delete",
    "switch_set",
    "topic_create",
    "topic_delete",
    "topic_rename",
    "topic_test",
]
