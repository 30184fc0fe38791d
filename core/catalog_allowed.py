"""What a key of `models.yaml` may hold, in words, read off the schema of its entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel


def allowed(problem: Any, kind: type[BaseModel], text: Callable[..., str]) -> str:
    """What the key of a pydantic problem may hold; `text` translates keys under `catalog.`."""
    if problem["type"] == "extra_forbidden" and len(problem["loc"]) == 1:
        return ", ".join(kind.model_fields)
    field = kind.model_fields.get(str(problem["loc"][0])) if problem["loc"] else None
    if field is None:
        return ", ".join(kind.model_fields)
    schema = _properties(kind).get(str(problem["loc"][0]), {})
    return _describe(schema, text) or text("allowed.see_file")


@cache
def _properties(kind: type[BaseModel]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = kind.model_json_schema().get("properties", {})
    return properties


def _describe(schema: Mapping[str, Any], text: Callable[..., str]) -> str:
    options = [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]
    return " | ".join(filter(None, (_describe_one(option, text) for option in options)))


def _describe_one(schema: Mapping[str, Any], text: Callable[..., str]) -> str:
    if "said" in schema:
        return text(f"allowed.{schema['said']}")
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if "enum" in schema.get("items", {}):
        return text("allowed.values_of", names=", ".join(schema["items"]["enum"]))
    if "$ref" in schema:
        return text("allowed.price")
    names = {
        "string": "text", "integer": "integer", "number": "number",
        "boolean": "boolean", "array": "values", "object": "mapping",
    }  # fmt: skip
    base = text(f"allowed.{names.get(str(schema.get('type')), 'see_file')}")
    low = schema.get("exclusiveMinimum", schema.get("minimum"))
    high = schema.get("maximum")
    bounds = [
        (">" if "exclusiveMinimum" in schema else "≥") + f" {low}" if low is not None else "",
        f"≤ {high}" if high is not None else "",
    ]
    return " ".join([base, *filter(None, bounds)])
