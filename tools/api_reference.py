"""The page of the REST API, made from its own schema: every endpoint with its fields, answers and refusals."""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]
REFUSED = {
    "400": "not JSON",
    "401": "no valid key",
    "403": "the key may not",
    "404": "not there, or another seller's",
    "409": "a rule says no",
    "412": "changed by somebody since it was read",
    "422": "a field is wrong",
    "502": "the store said no or nothing",
    "503": "the store asks for a pause",
}
OF_ALL = {"400", "401", "403", "404", "409", "422"}
"""Every endpoint may answer so; it is said once."""
LIMITS = ("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "minItems", "maxItems", "pattern")


def api_page(notice: str) -> str:
    """Every endpoint."""
    schema = _schema()
    shapes: Schema = schema["components"]["schemas"]
    groups: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, methods in schema["paths"].items():
        for method, endpoint in methods.items():
            groups.setdefault(endpoint["tags"][0], []).append((method.upper(), path, endpoint))
    lines = [notice, "# REST API", "", schema["info"]["description"], ""]
    lines += ["What answers look like: [Shapes of the REST API](api-shapes.md). The schema itself:"]
    lines += ["`/api/v1/openapi.json`; pages to try it: `/api/v1/docs`. A `*` marks what must be there.", ""]
    lines += ["## Refusals", "", "| status | means |", "|---|---|"]
    lines += [f"| {status} | {words} |" for status, words in REFUSED.items()]
    lines += ["", "Codes and sentences: [Errors](../errors.md). What a key may do: [Roles](roles.md).", ""]
    for group, endpoints in groups.items():
        lines += [f"## {group}", ""]
        for method, path, endpoint in endpoints:
            told = (line.replace("](#", "](api-shapes.md#") for line in _endpoint(endpoint, shapes))
            lines += [f"### {method} {path}", "", *told, ""]
    return "\n".join(lines).rstrip() + "\n"


def shapes_page(notice: str) -> str:
    """Everything endpoints take and answer, by name."""
    shapes: Schema = _schema()["components"]["schemas"]
    lines = [notice, "# Shapes of the REST API", ""]
    lines += ["What [endpoints](api.md) take and answer, by name. A `*` marks a field that must be there.", ""]
    for name in sorted(shapes):
        lines += [f"## {name}", "", *_shape(shapes[name])]
    return "\n".join(lines).rstrip() + "\n"


def _schema() -> Schema:
    found: Schema = importlib.import_module("entrepot.api.app").api.get_openapi_schema()
    return found


def _plain(words: str) -> str:
    return " ".join(words.replace("|", "\\|").split())


def _endpoint(endpoint: Schema, shapes: Schema) -> Iterator[str]:
    yield _plain(endpoint.get("description", endpoint.get("summary", "")))
    asked = [one for one in endpoint.get("parameters", []) if one["in"] != "path"]
    if asked:
        yield from ("", "| parameter | kind | |", "|---|---|---|")
        for one in asked:
            yield f"| `{one['name']}`{_must(one.get('required'))} | {_kind(one['schema'])} | {_limits(one['schema'])} |"
    body = endpoint.get("requestBody", {}).get("content", {})
    for form, held in body.items():
        known = shapes.get(held["schema"].get("$ref", "").rpartition("/")[2])
        yield ""
        yield f"Takes {_kind(held['schema'])}{'' if form == 'application/json' else f' as `{form}`'}" + (
            ":" if known else "."
        )
        if known and known.get("properties"):
            yield from ("", *_fields(known))
    yield ""
    answers = [
        f"{status}" + (f" with {kind}" if (kind := _answer(one)) else "")
        for status, one in endpoint["responses"].items()
        if str(status) < "300"
    ]
    more = [str(status) for status in endpoint["responses"] if str(status) >= "300" and str(status) not in OF_ALL]
    yield f"Answers {', '.join(answers)}" + (f"; also {', '.join(more)}" if more else "") + "."


def _answer(answer: Schema) -> str:
    kinds = [_kind(held["schema"]) for held in answer.get("content", {}).values() if held.get("schema")]
    return kinds[0] if kinds else ""


def _must(required: object) -> str:
    return " *" if required else ""


def _kind(schema: Schema) -> str:
    """The kind of a value in words; a shape by its name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{re.sub(r'[^a-z0-9_-]', '', name.lower())})"
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(dict.fromkeys(_kind(one) for one in choices))
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    named = schema.get("additionalProperties")
    if isinstance(named, dict):
        return f"names with {_kind(named)}"
    form = schema.get("format")
    return f"{schema.get('type', 'anything')}" + (f" ({form})" if form else "")


def _limits(schema: Schema) -> str:
    """What holds of a value beside its kind."""
    held: Sequence[Schema] = [schema, *schema.get("anyOf", [])]
    said = [f"{name} `{_plain(str(one[name]))}`" for one in held for name in LIMITS if name in one]
    if schema.get("default") not in {None, ""} if not isinstance(schema.get("default"), dict | list) else False:
        said.append(f"default `{schema['default']}`")
    words = _plain(str(schema.get("description", "")))
    return "; ".join([*([words] if words else []), *dict.fromkeys(said)])


def _fields(shape: Schema) -> Iterator[str]:
    required = shape.get("required", [])
    yield from ("| field | kind | |", "|---|---|---|")
    for name, held in shape.get("properties", {}).items():
        yield f"| `{name}`{_must(name in required)} | {_kind(held)} | {_limits(held)} |"


def _shape(shape: Schema) -> Iterator[str]:
    if words := _plain(str(shape.get("description", ""))):
        yield from (words, "")
    if shape.get("properties"):
        yield from _fields(shape)
    elif "enum" in shape:
        yield f"One of {_kind(shape)}."
    yield ""
