"""Subscription rows, the switch of a workflow, and "tell me when this run ends"."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.notifications import selectors, services
from backend.apps.notifications import serializers as wire
from backend.apps.notifications.models import Subscription, Topic
from backend.apps.runs.selectors import run_fetch
from backend.apps.workflows.models import Workflow
from backend.domain.problems import problem
from backend.shared.errors import ProductError
from backend.shared.http import ProductView, operation, read
from backend.shared.pagination import cut


class SubscriptionsView(ProductView):
    @operation(query=wire.SubscriptionListQuery, answer=wire.SubscriptionPage, summary="List subscription rows")
    def get(self, request: Request) -> Response:
        """Those of topics, and your own."""
        rows = selectors.subscriptions_of(request.user, workflow=self.query.get("workflow"), run=self.query.get("run"))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.SubscriptionPage(page).data)

    @operation(body=wire.SubscriptionCreate, answer={201: wire.SubscriptionOut}, summary="Subscribe")
    def post(self, request: Request) -> Response:
        """A row of a workflow: a step or the whole, a topic or yourself, and the events. Or a run, for its end."""
        row = _create(request, read(wire.SubscriptionCreate, request))
        return Response(wire.SubscriptionOut(row).data, status=201)


def _create(request: Request, given: dict[str, Any]) -> Subscription:
    run, workflow, topic = given.get("run"), given.get("workflow"), given.get("topic")
    if run is not None:
        if topic or given.get("step") or workflow:
            raise ProductError.of(problem("notice.run_and_step"))
        return services.run_follow(run=run_fetch(request.user, run), by=request.user)
    if workflow is None:
        raise ProductError.of(problem("request.required", "/workflow", field="workflow"))
    # What is one's own needs no more than seeing it; what is everybody's needs somebody who runs things.
    found = Workflow.objects.fetch_for(request.user, Role.OPERATOR if topic else Role.VIEWER, pk=workflow)
    return services.subscription_create(
        workflow=found,
        by=request.user,
        events=given.get("events", ()),
        step=given.get("step") or "",
        topic=Topic.objects.fetch_for(request.user, Role.OPERATOR, pk=topic) if topic else None,
    )


class SubscriptionView(ProductView):
    @operation(body=wire.SubscriptionPatch, answer=wire.SubscriptionOut, summary="Change a row")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        row = Subscription.objects.select_related("topic").fetch_for(request.user, Role.OPERATOR, pk=id)
        changed = services.subscription_change(row=row, **read(wire.SubscriptionPatch, request))
        return Response(wire.SubscriptionOut(changed).data)

    @operation(answer={204: None}, summary="Delete a row")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        row = Subscription.objects.fetch_for(request.user, Role.OPERATOR, pk=id)
        services.subscription_delete(row=row)
        return Response(status=204)


class WorkflowSubscriptionsView(ProductView):
    @operation(answer=wire.WorkflowSubscriptions, summary="Show who is told about a workflow")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        return Response(_of_workflow(request, Workflow.objects.fetch_for(request.user, pk=id)))

    @operation(body=wire.SwitchIn, answer=wire.WorkflowSubscriptions, summary="Switch the rows of a workflow on or off")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        workflow = Workflow.objects.fetch_for(request.user, Role.OPERATOR, pk=id)
        services.switch_set(workflow=workflow, **read(wire.SwitchIn, request))
        return Response(_of_workflow(request, workflow))


def _of_workflow(request: Request, workflow: Workflow) -> dict[str, Any]:
    rows = selectors.named_now(workflow, selectors.subscriptions_of(request.user, workflow=workflow.pk))
    told = {"enabled": selectors.switched_on(workflow.pk), "items": rows}
    return dict(wire.WorkflowSubscriptions(told).data)
