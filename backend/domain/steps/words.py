"""Names and closed word lists that kinds of step share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
LABEL_PATTERN = r"^[\u4e00-\u9fffA-Za-z0-9_-]+$"

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
"""Of steps, inputs, outputs, placeholders and storages: an English letter, then letters, digits, `_` or `-`."""

DatasetName = Annotated[str, Field(min_length=1, max_length=100, pattern=LABEL_PATTERN)]
ModelName = Annotated[str, Field(min_length=1, max_length=64, pattern=LABEL_PATTERN)]
VersionName = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
Path = Annotated[str, Field(min_length=1, max_length=1024, json_schema_extra={"x-format": "obs"})]
"""A path in a storage; `/bucket/folder/` is a folder of the storage root called `bucket`."""
FilePath = Annotated[str, Field(min_length=1, max_length=1024, json_schema_extra={"x-format": "obs", "x-file": True})]

DataKind = Literal["IMAGE", "TEXT", "AUDIO", "TABULAR", "VIDEO", "FREE_FORMAT"]

LabelTaskType = Literal[
    "IMAGE_CLASSIFICATION",
    "OBJECT_DETECTION",
    "IMAGE_SEGMENTATION",
    "TEXT_CLASSIFICATION",
    "NAMED_ENTITY_RECOGNITION",
    "TEXT_TRIPLE",
    "AUDIO_CLASSIFICATION",
    "SPEECH_CONTENT",
    "SPEECH_SEGMENTATION",
    "TABLE",
    "VIDEO_ANNOTATION",
    "FREE_FORMAT",
]

AnnotationFormat = Literal["MA_IMAGENET_V1"]
"""MA_IMAGENET_V1: one folder a class, the last folder's name is the label."""

ModelType = Literal[
    "TensorFlow", "MXNet", "Caffe", "Spark_MLlib", "Scikit_Learn", "XGBoost", "Image", "PyTorch", "Template", "Custom"
]
