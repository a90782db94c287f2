"""Events that the programs print with --json, each held against docs/events.schema.json."""

import functools
import json

import jsonschema

from lab.machine import PROJECT


@functools.lru_cache(maxsize=None)
def _schema() -> dict:
    return json.loads((PROJECT / "docs/events.schema.json").read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=None)
def _validator(kind: str) -> jsonschema.Draft202012Validator:
    if kind not in _schema()["$defs"]:
        raise ValueError(f"docs/events.schema.json knows no '{kind}'")
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": _schema()["$defs"]})


def _kind(one: dict) -> str:
    """What an object is: an event by its name, or the one object that a command answers with."""
    if "event" in one:
        return one["event"]
    return "status" if "phase" in one else "answer" if "command" in one else "info"


def read(text: str) -> list:
    """The objects of a text, one a line. Raises when a line is no JSON or breaks the schema; the last line may be half
    written.
    """
    lines = text.split("\n")
    found = [json.loads(line) for line in lines[:-1]]
    for one in found:
        _validator(_kind(one)).validate(one)
    return found


def of_kind(events: list, kind: str) -> list:
    """The events of one name, in their order."""
    return [event for event in events if event.get("event") == kind]


def summary(events: list) -> dict:
    """The one summary of a run."""
    found = of_kind(events, "summary")
    if len(found) != 1:
        raise ValueError(f"{len(found)} summaries instead of one")
    return found[0]
