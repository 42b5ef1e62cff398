"""What changes assets."""

from backend.apps.assets.services.algorithms import algorithm_delete, algorithm_register
from backend.apps.assets.services.catalogue import engine_register, flavor_declare, flavors_forget, flavors_sync
from backend.apps.assets.services.datasets import (
    dataset_commit,
    dataset_stage,
    dataset_version_commit,
    dataset_version_stage,
    staged_discard,
)
from backend.apps.assets.services.folders import folders_outside
from backend.apps.assets.services.images import image_change, image_delete, image_register
from backend.apps.assets.services.models import model_version_commit, model_version_stage
from backend.apps.assets.services.samples import dataset_samples_write, samples_read, samples_stage
from backend.apps.assets.services.storage import DEFAULT as DEFAULT_STORAGE
from backend.apps.assets.services.storage import storage_ensure_default, storage_root_create, storage_roots
from backend.apps.assets.services.tidying import unnamed_folder_remove, unnamed_folders
from backend.apps.assets.services.uploads import (
    upload_append,
    upload_begin,
    upload_cancel,
    upload_forget,
    upload_look,
    uploads_abandoned,
)

__all__ = [
    "DEFAULT_STORAGE",
    "algorithm_delete",
    "algorithm_register",
    "dataset_commit",
    "dataset_samples_write",
    "dataset_stage",
    "dataset_version_commit",
    "dataset_version_stage",
    "engine_register",
    "flavor_declare",
    "flavors_forget",
    "flavors_sync",
    "folders_outside",
    "image_change",
    "image_delete",
    "image_register",
    "model_version_commit",
    "model_version_stage",
    "samples_read",
    "samples_stage",
    "staged_discard",
    "storage_ensure_default",
    "storage_root_create",
    "storage_roots",
    "unnamed_folder_remove",
    "unnamed_folders",
    "upload_append",
    "upload_begin",
    "upload_cancel",
    "upload_forget",
    "upload_look",
    "uploads_abandoned",
]
