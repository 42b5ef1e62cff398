"""Our one port to files: named roots, walked by descriptors, no link followed. Needs no settings."""

from backend.shared.storage.manifest import FileEntry, Manifest, manifest
from backend.shared.storage.names import Logical, StorageError, check_name, logical_path
from backend.shared.storage.parts import Parts
from backend.shared.storage.promotion import Promotion, promote
from backend.shared.storage.roots import PRIVATE, Entry, Kind, Root, Roots
from backend.shared.storage.writing import Target, Written, etag_of

__all__ = [
    "PRIVATE",
    "Entry",
    "FileEntry",
    "Kind",
    "Logical",
    "Manifest",
    "Parts",
    "Promotion",
    "Root",
    "Roots",
    "StorageError",
    "Target",
    "Written",
    "check_name",
    "etag_of",
    "logical_path",
    "manifest",
    "promote",
]
