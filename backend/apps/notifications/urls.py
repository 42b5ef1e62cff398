"""Addresses of topics, subscriptions and notifications."""

from django.urls import path

from backend.apps.notifications.api import notifications, subscriptions, topics

TOPIC = "topics/<uuid:id>"

urlpatterns = [
    path("topics/", topics.TopicsView.as_view(), name="topics"),
    path(f"{TOPIC}/", topics.TopicView.as_view(), name="topic"),
    path(f"{TOPIC}/people/", topics.TopicPeopleView.as_view(), name="topic-people"),
    path(f"{TOPIC}/channels/", topics.ChannelsView.as_view(), name="topic-channels"),
    path(f"{TOPIC}/channels/<uuid:channel>/", topics.ChannelView.as_view(), name="topic-channel"),
    path(f"{TOPIC}/test/", topics.TopicTestView.as_view(), name="topic-test"),
    path(f"{TOPIC}/deliveries/", topics.DeliveriesView.as_view(), name="topic-deliveries"),
    path(f"{TOPIC}/deliveries/<uuid:delivery>/", topics.DeliveryView.as_view(), name="topic-delivery"),
    path("subscriptions/", subscriptions.SubscriptionsView.as_view(), name="subscriptions"),
    path("subscriptions/<uuid:id>/", subscriptions.SubscriptionView.as_view(), name="subscription"),
    path(
        "workflows/<uuid:id>/subscriptions/",
        subscriptions.WorkflowSubscriptionsView.as_view(),
        name="workflow-subscriptions",
    ),
    path("notifications/", notifications.NotificationsView.as_view(), name="notifications"),
    path("notifications/changes/", notifications.NotificationChangesView.as_view(), name="notification-changes"),
    path("notifications/settings/", notifications.NotificationSettingsView.as_view(), name="notification-settings"),
    path("notifications/<uuid:id>/", notifications.NotificationView.as_view(), name="notification"),
]
