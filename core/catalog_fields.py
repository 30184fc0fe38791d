"""What the values of `models.yaml` may be: the types of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from core.http_syntax import is_address, is_header_name, is_header_value


def described(name: str) -> Any:
    """How `core.catalog_allowed` describes the field: the text `catalog.allowed.<name>`."""
    return Field(json_schema_extra={"said": name})


def _sendable(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        if not is_header_name(name):
            raise ValueError("not the name of a header")
        if not is_header_value(value):
            raise ValueError("not the value of a header")
    return headers


def _reachable(address: str) -> str:
    if not is_address(address):
        raise ValueError("not an address")
    return address


Identifier = Annotated[
    str,
    StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._:/@-]*$", max_length=120),
    described("identifier"),
]
EnvName = Annotated[
    str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=80), described("variable")
]
HttpUrl = Annotated[
    str, StringConstraints(max_length=500), AfterValidator(_reachable), described("address")
]
Headers = Annotated[Mapping[str, str], AfterValidator(_sendable), described("headers")]
Label = Annotated[str, StringConstraints(max_length=120)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Wait = Annotated[float, Field(ge=0, le=600)]
Tokens = Annotated[int, Field(gt=0, le=100_000_000)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
