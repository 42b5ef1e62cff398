"""Addresses of workflows."""

from django.urls import path

from backend.apps.workflows import api

urlpatterns = [
    path("workflows/", api.WorkflowsView.as_view(), name="workflows"),
    path("workflows/check/", api.CheckView.as_view(), name="workflow-check"),
    path("workflows/convert/", api.ConvertView.as_view(), name="workflow-convert"),
    path("workflows/import/", api.ImportView.as_view(), name="workflow-import"),
    path("workflows/publish/", api.PublishView.as_view(), name="workflow-publish"),
    path("workflows/<uuid:id>/", api.WorkflowView.as_view(), name="workflow"),
    path("workflows/<uuid:id>/copy/", api.WorkflowCopyView.as_view(), name="workflow-copy"),
    path("workflows/<uuid:id>/draft/", api.DraftView.as_view(), name="workflow-draft"),
    path("workflows/<uuid:id>/release/", api.ReleaseView.as_view(), name="workflow-release"),
    path("workflows/<uuid:id>/versions/", api.VersionsView.as_view(), name="workflow-versions"),
    path("workflows/<uuid:id>/versions/<int:number>/", api.VersionView.as_view(), name="workflow-version"),
    path("workflows/<uuid:id>/changes/", api.ChangesView.as_view(), name="workflow-changes"),
    path("workflows/<uuid:id>/merge/", api.MergeView.as_view(), name="workflow-merge"),
    path("workflows/<uuid:id>/restore/", api.RestoreView.as_view(), name="workflow-restore"),
    path("workflows/<uuid:id>/export/", api.ExportView.as_view(), name="workflow-export"),
    path("gallery/", api.GalleryView.as_view(), name="gallery"),
    path("gallery/assets/", api.AssetsView.as_view(), name="assets"),
    path("gallery/assets/<uuid:id>/", api.AssetView.as_view(), name="asset"),
    path("gallery/assets/<uuid:id>/versions/", api.AssetVersionsView.as_view(), name="asset-versions"),
    path("gallery/assets/<uuid:id>/versions/<str:version>/users/", api.WhitelistView.as_view(), name="asset-whitelist"),
    path("gallery/assets/<uuid:id>/subscribe/", api.SubscribeView.as_view(), name="asset-subscribe"),
    path("step-kinds/", api.StepKindsView.as_view(), name="step-kinds"),
]
