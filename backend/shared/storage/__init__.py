"""Our one port to files: named roots, walked by descriptors, no link followed. Needs no settings."""

from backend.shared.storage.listing import ENTRY_ORDERS, Entry, Kind, Listing
from backend.shared.storage.manifest import FileEntry, Manifest, manifest
from backend.shared.storage.names import PRIVATE, Logical, StorageError, check_name, logical_path
from backend.shared.storage.parts import Parts
from backend.shared.storage.promotion import Promotion, promote
from backend.shared.storage.roots import Root, Roots
from backend.shared.storage.writing import Target, Written, etag_of

__all__ = [
    "ENTRY_ORDERS",
    "PRIVATE",
    "Entry",
    "FileEntry",
    "Kind",
    "Listing",
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
