"""Addresses of assets."""

from django.urls import path

from backend.apps.assets.api import algorithms, catalogue, datasets, images, models, storage, uploads

urlpatterns = [
    path("storage/", storage.RootsView.as_view(), name="storage"),
    path("storage/entries/", storage.EntriesView.as_view(), name="storage-entries"),
    path("storage/entry/", storage.EntryView.as_view(), name="storage-entry"),
    path("storage/folders/", storage.FoldersView.as_view(), name="storage-folders"),
    path("storage/file/", storage.FileView.as_view(), name="storage-file"),
    path("storage/uploads/", uploads.UploadsView.as_view(), name="storage-uploads"),
    path("storage/uploads/<uuid:id>/", uploads.UploadView.as_view(), name="storage-upload"),
    path("datasets/", datasets.DatasetsView.as_view(), name="datasets"),
    path("datasets/<uuid:id>/", datasets.DatasetView.as_view(), name="dataset"),
    path("datasets/<uuid:id>/samples/", datasets.SamplesView.as_view(), name="dataset-samples"),
    path("datasets/<uuid:id>/versions/", datasets.DatasetVersionsView.as_view(), name="dataset-versions"),
    path("datasets/<uuid:id>/versions/<str:name>/", datasets.DatasetVersionView.as_view(), name="dataset-version"),
    path(
        "datasets/<uuid:id>/versions/<str:name>/file/",
        datasets.DatasetVersionFileView.as_view(),
        name="dataset-version-file",
    ),
    path("models/", models.ModelsView.as_view(), name="models"),
    path("models/<uuid:id>/", models.ModelView.as_view(), name="model"),
    path("models/<uuid:id>/versions/", models.ModelVersionsView.as_view(), name="model-versions"),
    path("models/<uuid:id>/versions/<str:version>/", models.ModelVersionView.as_view(), name="model-version"),
    path(
        "models/<uuid:id>/versions/<str:version>/file/",
        models.ModelVersionFileView.as_view(),
        name="model-version-file",
    ),
    path("algorithms/", algorithms.AlgorithmsView.as_view(), name="algorithms"),
    path("algorithms/<uuid:id>/", algorithms.AlgorithmView.as_view(), name="algorithm"),
    path("images/", images.ImagesView.as_view(), name="images"),
    path("images/<uuid:id>/", images.ImageView.as_view(), name="image"),
    path("engines/", catalogue.EnginesView.as_view(), name="engines"),
    path("flavors/", catalogue.FlavorsView.as_view(), name="flavors"),
]
