"""The HTTP side of workflows, drafts and versions."""

from dataclasses import asdict
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from backend.apps.accounts.models import Role
from backend.apps.accounts.selectors import project_fetch
from backend.apps.workflows import serializers as wire
from backend.apps.workflows import services
from backend.apps.workflows.catalogue import step_kinds
from backend.apps.workflows.gallery import gallery
from backend.apps.workflows.models import Draft, GalleryAsset, GalleryVersion, Workflow, WorkflowVersion
from backend.apps.workflows.selectors import asset_is_own, asset_version_fetch, assets_of, versions_of, workflows_of
from backend.domain.design.changes import changes
from backend.domain.design.check import check
from backend.shared.http import JsonBody, ProductView, YamlBody, operation, read
from backend.shared.pagination import containing, cut, cut_items

ANY_JSON = {"application/json": OpenApiTypes.ANY}


def _shown(request: Request, workflow: Workflow) -> dict[str, Any]:
    return dict(wire.WorkflowOut(workflows_of(request.user).get(pk=workflow.pk)).data)


class WorkflowsView(ProductView):
    @operation(query=wire.WorkflowListQuery, answer=wire.WorkflowPage, summary="List workflows")
    def get(self, request: Request) -> Response:
        rows = workflows_of(request.user, project=self.query.get("project"), search=self.query.get("search", ""))
        if self.query["released"] is not None:
            rows = rows.filter(released__isnull=not self.query["released"])
        if "created_by" in self.query:
            rows = rows.filter(created_by__username=self.query["created_by"])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.WorkflowPage(page).data)

    @operation(body=wire.WorkflowCreate, answer={201: wire.WorkflowOut}, summary="Make a workflow")
    def post(self, request: Request) -> Response:
        """Empty, from a document, or as a copy of another workflow's draft."""
        given = read(wire.WorkflowCreate, request)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=given.pop("project", None))
        original = given.pop("copy_of", None)
        if original is not None:
            given["document"] = services.document_to_copy(
                source=Workflow.objects.fetch_for(request.user, pk=original), document=given.get("document")
            )
        workflow = services.workflow_create(project=project, user=request.user, **given)
        return Response(_shown(request, workflow), status=201)


class WorkflowView(ProductView):
    @operation(answer=wire.WorkflowOut, summary="Show a workflow")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002 - the address's name
        return Response(_shown(request, Workflow.objects.fetch_for(request.user, pk=id)))

    @operation(body=wire.WorkflowPatch, answer=wire.WorkflowOut, summary="Rename a workflow")
    def patch(self, request: Request, id: UUID) -> Response:  # noqa: A002
        workflow = Workflow.objects.fetch_for(request.user, Role.AUTHOR, pk=id)
        services.workflow_update(workflow=workflow, **read(wire.WorkflowPatch, request))
        return Response(_shown(request, workflow))

    @operation(answer={204: None}, summary="Delete a workflow")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """It leaves all lists and its name is free again; its runs stay readable."""
        services.workflow_delete(workflow=Workflow.objects.fetch_for(request.user, Role.AUTHOR, pk=id))
        return Response(status=204)


class WorkflowCopyView(ProductView):
    @operation(body=wire.WorkflowCopy, answer={201: wire.WorkflowOut}, summary="Copy a workflow")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The draft becomes the draft of a new workflow; versions and runs are not copied."""
        given = read(wire.WorkflowCopy, request)
        original = Workflow.objects.fetch_for(request.user, pk=id)
        wanted = given.get("project", original.project_id)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=wanted)
        copy = services.workflow_copy(workflow=original, project=project, user=request.user, name=given.get("name"))
        return Response(_shown(request, copy), status=201)


class DraftView(ProductView):
    @operation(answer=wire.DraftOut, summary="Read the draft")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        draft = Draft.objects.select_related("updated_by").fetch_for(request.user, workflow_id=id)
        return Response(wire.DraftOut(draft).data)

    @operation(body=wire.DraftPut, answer=wire.DraftOut, summary="Save the draft")
    def put(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Anything well-formed is kept, also unfinished. 409 with both sides if somebody saved in between."""
        workflow = Workflow.objects.fetch_for(request.user, Role.AUTHOR, pk=id)
        draft = services.draft_save(workflow=workflow, user=request.user, **read(wire.DraftPut, request))
        return Response(wire.DraftOut(draft).data)


class ReleaseView(ProductView):
    @operation(body=wire.ReleaseIn, answer={201: wire.VersionOut}, summary="Release the draft")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Makes an immutable version of a valid draft. 409 if a newer release exists that the draft does not know."""
        workflow = Workflow.objects.fetch_for(request.user, Role.AUTHOR, pk=id)
        version = services.version_release(workflow=workflow, user=request.user, **read(wire.ReleaseIn, request))
        return Response(wire.VersionOut(version).data, status=201)


class PublishView(ProductView):
    @operation(body=wire.PublishIn, answer={201: wire.PublishOut}, summary="Release a document under a name")
    def post(self, request: Request) -> Response:
        """What a program does: a new version of the workflow of this name, which is made where there is none. A draft
        that somebody edited since the newest version stays as it is."""
        given = read(wire.PublishIn, request)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=given.pop("project", None))
        done = services.workflow_publish(project=project, user=request.user, **given)
        told = {
            "workflow": _shown(request, done.workflow),
            "version": wire.VersionOut(done.version).data,
            "created": done.created,
            "draft_kept": done.draft_kept,
        }
        return Response(told, status=201)


class VersionsView(ProductView):
    @operation(query=wire.VersionListQuery, answer=wire.VersionPage, summary="List versions")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        workflow = Workflow.objects.fetch_for(request.user, pk=id)
        rows = versions_of(request.user, workflow, released=self.query["released"])
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.VersionPage(page).data)


class VersionView(ProductView):
    @operation(answer=wire.VersionDocumentOut, summary="Show a version with its document")
    def get(self, request: Request, id: UUID, number: int) -> Response:  # noqa: A002
        version = WorkflowVersion.objects.fetch_for(request.user, workflow_id=id, number=number)
        return Response(wire.VersionDocumentOut(version).data)


class ChangesView(ProductView):
    @operation(query=wire.ChangesQuery, answer=wire.ChangesOut, summary="Compare two versions")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What was added, removed, renamed, changed and wired otherwise; what only moved stands apart."""
        before = WorkflowVersion.objects.fetch_for(request.user, workflow_id=id, number=self.query["before"]).document
        number = self.query.get("after")
        if number is None:
            after = Draft.objects.fetch_for(request.user, workflow_id=id).document
        else:
            after = WorkflowVersion.objects.fetch_for(request.user, workflow_id=id, number=number).document
        found = changes(before, after)
        return Response({"changes": [each.as_json() for each in found.meaning], "moved": found.moved})


class MergeView(ProductView):
    @operation(body=wire.MergeIn, answer=wire.MergeOut, summary="Put an edit and the present draft together")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """For a draft that somebody else saved in between. Nothing is stored: look at it, and save it."""
        draft = Draft.objects.fetch_for(request.user, workflow_id=id)
        merged = services.draft_merge(draft=draft, **read(wire.MergeIn, request))
        conflicts = [each.as_json() for each in merged.conflicts]
        return Response({"document": merged.document, "conflicts": conflicts, "revision": draft.revision})


class RestoreView(ProductView):
    @operation(body=wire.RestoreIn, answer=wire.DraftOut, summary="Make a version the draft again")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The draft becomes what the version is. No version is changed; what was drafted is replaced."""
        workflow = Workflow.objects.fetch_for(request.user, Role.AUTHOR, pk=id)
        given = read(wire.RestoreIn, request)
        version = WorkflowVersion.objects.fetch_for(request.user, workflow_id=id, number=given["version"])
        draft = services.draft_save(
            workflow=workflow,
            document=version.document,
            revision=given["revision"],
            base_version=version.number,
            user=request.user,
        )
        return Response(wire.DraftOut(draft).data)


class CheckView(ProductView):
    @operation(body=ANY_JSON, answer=wire.CheckOut, summary="Check a document")
    def post(self, request: Request) -> Response:
        """All problems of the document in the body, with pointers. Nothing is stored."""
        found = check(request.data)
        valid = not any(each.severity == "error" for each in found)
        return Response({"valid": valid, "problems": [each.as_json() for each in found]})


class ImportView(ProductView):
    parser_classes: ClassVar[list[type[BaseParser]]] = [JsonBody, YamlBody]

    @operation(query=wire.ImportQuery, body=ANY_JSON, answer={201: wire.ImportOut}, summary="Import a workflow file")
    def post(self, request: Request) -> Response:
        """The body is the file. It becomes a draft; the report says what has to be corrected before a release."""
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=self.query.get("project"))
        done = services.workflow_import(
            project=project, user=request.user, raw=request.data, name=self.query.get("name")
        )
        report = [each.as_json() for each in done.report]
        return Response({"workflow": _shown(request, done.workflow), "report": report}, status=201)


class ConvertView(ProductView):
    parser_classes: ClassVar[list[type[BaseParser]]] = [JsonBody, YamlBody]

    @operation(body=ANY_JSON, answer=wire.ConvertOut, summary="See what an import would make of a file")
    def post(self, request: Request) -> Response:
        """The body is the file. Nothing is stored; whose file it is is told from its content."""
        found = services.file_convert(request.data)
        notes, problems = ([each.as_json() for each in those] for those in (found.notes, found.problems))
        shown = {"source": found.source, "document": found.document, "mapped": found.mapped}
        return Response({**shown, "report": notes, "problems": problems})


class ExportView(ProductView):
    @operation(
        query=wire.ExportQuery,
        answer={
            (200, "application/json"): OpenApiResponse(OpenApiTypes.ANY, "The file."),
            (200, "text/x-python"): OpenApiResponse(OpenApiTypes.STR, "A program that makes the workflow again."),
        },
        summary="Export as a file",
    )
    def get(self, request: Request, id: UUID) -> HttpResponse:  # noqa: A002
        """The canonical form: equal workflows give equal bytes."""
        workflow = Workflow.objects.fetch_for(request.user, pk=id)
        number = self.query.get("version")
        if number is None:
            document = Draft.objects.fetch_for(request.user, workflow_id=id).document
        else:
            document = WorkflowVersion.objects.fetch_for(request.user, workflow_id=id, number=number).document
        content = services.version_export(document, format=self.query["format"])
        if self.query["report"]:
            report = services.version_export_report(document, format=self.query["format"])
            return Response({"report": [each.as_json() for each in report]})
        content_type, suffix = services.FILE_FORMS.get(self.query["format"], ("application/json", "json"))
        response = HttpResponse(content, content_type=content_type)
        ending = "draft" if number is None else f"v{number}"
        response["Content-Disposition"] = f'attachment; filename="workflow-{workflow.pk}-{ending}.{suffix}"'
        return response


class GalleryView(ProductView):
    @operation(query=wire.GalleryQuery, answer=wire.GalleryList, summary="List the samples")
    def get(self, request: Request) -> Response:
        """Workflows to begin with; make one's own from its document."""
        found = gallery(self.query["language"])
        by = {"id": ("id",), "name": ("name", "id")}
        return Response(asdict(cut_items(found, self.query, columns=by, search=("id", "name", "description"))))


class AssetsView(ProductView):
    @operation(query=wire.AssetListQuery, answer=wire.AssetPage, summary="List what is offered in the gallery")
    def get(self, request: Request) -> Response:
        """Of your projects, and what others share with you or with everybody."""
        rows = assets_of(request.user, project=self.query.get("project"), search=self.query.get("search", ""))
        page = cut(rows, order=self.query["order"], limit=self.query["limit"], cursor=self.query.get("cursor"))
        return Response(wire.AssetPage(page).data)

    @operation(body=wire.AssetIn, answer={201: wire.AssetVersionOut}, summary="Offer a workflow in the gallery")
    def post(self, request: Request) -> Response:
        given = read(wire.AssetIn, request)
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=given.pop("project", None))
        made = services.asset_publish(project=project, user=request.user, number=given.pop("version", ""), **given)
        return Response(wire.AssetVersionOut(made, context={"own": True}).data, status=201)


class AssetView(ProductView):
    @operation(answer=wire.AssetRow, summary="Show something of the gallery")
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        found = GalleryAsset.objects.fetch_for(request.user, pk=id)
        return Response(wire.AssetRow(assets_of(request.user).get(pk=found.pk)).data)

    @operation(answer={204: None}, summary="Take something out of the gallery")
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Workflows that were made from it stay."""
        services.asset_delete(asset=GalleryAsset.objects.fetch_for(request.user, Role.AUTHOR, pk=id))
        return Response(status=204)


class AssetVersionsView(ProductView):
    @operation(
        query=wire.AssetVersionListQuery,
        answer=wire.AssetVersionList,
        summary="List the versions of something in the gallery",
    )
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Those that you may see, newest first; who else may is told to its project alone."""
        asset = GalleryAsset.objects.fetch_for(request.user, pk=id)
        rows = GalleryVersion.objects.for_user(request.user).filter(asset=asset).select_related("asset")
        own = asset_is_own(request.user, asset)
        page = cut(
            containing(rows, self.query.get("search", ""), "number", "description"),
            order=self.query["order"],
            columns={"version": "place"},
            limit=self.query["limit"],
            cursor=self.query.get("cursor"),
        )
        return Response(wire.AssetVersionList(page, context={"own": own}).data)

    @operation(body=wire.AssetVersionIn, answer={201: wire.AssetVersionOut}, summary="Add a version to the gallery")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        given = read(wire.AssetVersionIn, request)
        asset = GalleryAsset.objects.fetch_for(request.user, Role.AUTHOR, pk=id)
        made = services.asset_add_version(asset=asset, number=given.pop("version", ""), **given)
        return Response(wire.AssetVersionOut(made, context={"own": True}).data, status=201)


class WhitelistView(ProductView):
    @operation(body=wire.WhitelistIn, answer=wire.AssetVersionOut, summary="Say who sees a version")
    def patch(self, request: Request, id: UUID, version: str) -> Response:  # noqa: A002
        rows = GalleryVersion.objects.select_related("asset")
        found = rows.fetch_for(request.user, Role.AUTHOR, asset_id=id, number=version)
        changed = services.whitelist_change(version=found, **read(wire.WhitelistIn, request))
        return Response(wire.AssetVersionOut(changed, context={"own": True}).data)


class SubscribeView(ProductView):
    @operation(body=wire.SubscribeIn, answer={201: wire.WorkflowOut}, summary="Make one's own workflow of it")
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        given = read(wire.SubscribeIn, request)
        version = asset_version_fetch(request.user, id, given.get("version"))
        project = project_fetch(user=request.user, role=Role.AUTHOR, project_id=given.get("project"))
        done = services.asset_subscribe(version=version, project=project, user=request.user, name=given.get("name"))
        return Response(_shown(request, done.workflow), status=201)


class StepKindsView(ProductView):
    @operation(answer=wire.StepKindList, summary="List the kinds of step")
    def get(self, request: Request) -> Response:
        """Ports and, as JSON Schema, properties of every kind: enough to draw its form."""
        return Response({"items": step_kinds()})
