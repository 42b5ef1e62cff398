"""Names and closed word lists that kinds of step share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"
LABEL_PATTERN = r"^[\u4e00-\u9fffA-Za-z0-9_-]+$"
WORD_PATTERN = r"^[A-Za-z0-9_-]+$"
WORKFLOW_NAME_PATTERN = r"^[A-Za-z\u4e00-\u9fff][A-Za-z0-9_ \u4e00-\u9fff-]{0,63}$"
RATIO_PATTERN = r"^(0([.][0-9]{1,6})?|1([.]0{1,6})?)$"
MODEL_VERSION_PATTERN = r"^(0|[1-9][0-9]?)[.](0|[1-9][0-9]?)[.](0|[1-9][0-9]?)$"
PLAIN_PATTERN = r"""^[^&!'"<>=]*$"""
ENVIRONMENT_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
PLAIN_TEXT_PATTERN = r"""^[^!<>=&"'^]*$"""
ARGUMENT_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.-]*$"
# No part is “.” or “..”; the engine that reads this cannot look ahead.
_PART = r"([^/\\\x00-\x1f.][^/\\\x00-\x1f]*|[.][^/\\\x00-\x1f.][^/\\\x00-\x1f]*|[.][.][^/\\\x00-\x1f]+)"
PATH_PATTERN = f"^([.]/?|([.]?/)?{_PART}(/{_PART})*/?)$"

FILE_BELOW_PATTERN = r"^[^/.][^/]*(/[^/.][^/]*)*$"
FORMS = {
    NAME_PATTERN: "Begin with an English letter and use up to 64 letters, digits, “_” and “-”.",
    LABEL_PATTERN: "Use letters, digits, Chinese characters, “_” and “-”.",
    WORD_PATTERN: "Use letters, digits, “_” and “-”.",
    WORKFLOW_NAME_PATTERN: "Begin with an English or Chinese letter; use up to 64 letters, digits, spaces, “_”, “-”.",
    RATIO_PATTERN: "Write a share from 0 to 1, like 0.8.",
    MODEL_VERSION_PATTERN: "Write three numbers below 100, like 1.0.2.",
    PLAIN_PATTERN: "Leave out the characters & ! ' \" < > and =.",
    PLAIN_TEXT_PATTERN: "Leave out the characters ^ & ! ' \" < > and =.",
    ENVIRONMENT_PATTERN: "Begin with a letter or “_”, and use letters, digits and “_”.",
    FILE_BELOW_PATTERN: "Name a file below the folder, like metrics.json: no “/” first, and no name begins with a dot.",
    ARGUMENT_PATTERN: "Begin with a letter or “_”, and use letters, digits, “_”, “.” and “-”.",
    PATH_PATTERN: "Write it like /bucket/folder/ or /bucket/folder/file, without “..”, empty parts or backslashes.",
}
"""Each pattern in words: what to do to match it."""

Name = Annotated[str, Field(pattern=NAME_PATTERN)]
"""Of steps, inputs, outputs, placeholders and storages."""

DatasetName = Annotated[str, Field(min_length=1, max_length=100, pattern=LABEL_PATTERN)]
TaskName = Annotated[str, Field(min_length=1, max_length=100, pattern=LABEL_PATTERN)]
ServiceName = Annotated[str, Field(min_length=1, max_length=64, pattern=LABEL_PATTERN)]
ModelName = Annotated[str, Field(min_length=1, max_length=64, pattern=LABEL_PATTERN)]
VersionName = Annotated[str, Field(min_length=1, max_length=32, pattern=WORD_PATTERN)]
Path = Annotated[str, Field(min_length=1, max_length=1024, pattern=PATH_PATTERN, json_schema_extra={"x-format": "obs"})]
"""A path in a storage; `/bucket/folder/` is a folder of the storage root called `bucket`, `folder/` one of the
project's own."""
PathInside = Annotated[str, Field(min_length=1, max_length=1024, json_schema_extra={"x-format": "obs", "x-file": True})]
"""A file in a folder that is said elsewhere; the rule that knows the folder says what is wrong with it."""
Image = Annotated[str, Field(min_length=1, max_length=512, json_schema_extra={"x-format": "swr"})]
"""A container image, `organisation/name:tag`, without the address of a registry."""
FilePath = Annotated[
    str,
    Field(min_length=1, max_length=1024, pattern=PATH_PATTERN, json_schema_extra={"x-format": "obs", "x-file": True}),
]
FileBelow = Annotated[str, Field(min_length=1, max_length=255, pattern=FILE_BELOW_PATTERN)]
"""A file in a folder that is named beside it."""

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

LABEL_TASK_CODES: dict[str, int] = {
    "IMAGE_CLASSIFICATION": 0,
    "OBJECT_DETECTION": 1,
    "IMAGE_SEGMENTATION": 3,
    "TEXT_CLASSIFICATION": 100,
    "NAMED_ENTITY_RECOGNITION": 101,
    "TEXT_TRIPLE": 102,
    "AUDIO_CLASSIFICATION": 200,
    "SPEECH_CONTENT": 201,
    "SPEECH_SEGMENTATION": 202,
    "TABLE": 400,
    "VIDEO_ANNOTATION": 600,
    "FREE_FORMAT": 900,
}
"""The numbers that stand for them on the wire. All names but the first are not documented by the source."""

LabelType = Literal[
    "IMAGE_CLASSIFICATION",
    "OBJECT_DETECTION",
    "IMAGE_SEGMENTATION",
    "TEXT_CLASSIFICATION",
    "NAMED_ENTITY",
    "TRIPLE_RELATION",
    "TRIPLE_ENTITY",
    "AUDIO_CLASSIFICATION",
    "SPEECH_CONTENT",
    "SPEECH_SEGMENTATION",
    "VIDEO_ANNOTATION",
]
LABEL_TYPE_CODES: dict[str, int] = {
    "IMAGE_CLASSIFICATION": 0,
    "OBJECT_DETECTION": 1,
    "IMAGE_SEGMENTATION": 3,
    "TEXT_CLASSIFICATION": 100,
    "NAMED_ENTITY": 101,
    "TRIPLE_RELATION": 102,
    "TRIPLE_ENTITY": 103,
    "AUDIO_CLASSIFICATION": 200,
    "SPEECH_CONTENT": 201,
    "SPEECH_SEGMENTATION": 202,
    "VIDEO_ANNOTATION": 600,
}
"""The numbers of label types on the wire; their names are not documented by the source."""

AnnotationFormat = Literal[
    "MA_IMAGENET_V1",
    "MA_IMAGE_CLASSIFICATION_V1",
    "MA_PASCAL_VOC_V1",
    "YOLO",
    "MA_IMAGE_SEGMENTATION_V1",
    "MA_TEXT_CLASSIFICATION_COMBINE_V1",
    "MA_TEXT_CLASSIFICATION_V1",
    "MA_AUDIO_CLASSIFICATION_DIR_V1",
]
"""How labels lie beside samples: MA_IMAGENET_V1, for example, is one folder a class, whose name is the label."""

ModelType = Literal[
    "TensorFlow", "MXNet", "Caffe", "Spark_MLlib", "Scikit_Learn", "XGBoost", "Image", "PyTorch", "Template", "Custom"
]
