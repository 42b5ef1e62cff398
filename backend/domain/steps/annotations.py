"""Labels and how they are written beside the samples: what several kinds of step say about them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from backend.domain.steps.base import Strictly, Texts, type_of_tuple
from backend.domain.steps.words import AnnotationFormat, LabelTaskType, LabelType


class LabelAttribute(Strictly):
    name: str = Field(min_length=1, max_length=100)
    type: Literal["text", "select"] = "text"
    default_value: str = ""
    values: Texts = ()


class Label(Strictly):
    """One label that samples can have. Only `name` is documented by the source; the rest is as on the wire."""

    name: str = Field(min_length=1, max_length=1024)
    type: LabelType | None = None
    property: dict[str, JsonValue] = Field(default_factory=dict)
    """Colour, shortcut, shape and so on, by names like `@modelarts:color`."""
    attributes: Annotated[tuple[LabelAttribute, ...], type_of_tuple] = ()


Labels = Annotated[tuple[Label, ...], type_of_tuple]


class LabelFormat(Strictly):
    """Of texts: "0" keeps labels in a file of their own, "1" in the sample's line."""

    label_type: Literal["0", "1"] = "1"
    text_label_separator: str = ","
    text_sample_separator: str = "\t"


class AnnotationFormatParameters(Strictly):
    """Not documented by the source; the fields are those of the product's own import."""

    difficult_only: bool = False
    included_labels: Labels = ()
    label_separator: str | None = None
    sample_label_separator: str | None = None


class AnnotationFormatConfig(Strictly):
    format_name: AnnotationFormat = Field(description="How labels are written in the folder.")
    scene: LabelTaskType | None = Field(None, description="What the labels are for.")
    parameters: AnnotationFormatParameters | None = None


AnnotationFormatConfigs = Annotated[tuple[AnnotationFormatConfig, ...], type_of_tuple]
