"""Every route of the application, with addresses and bodies that name the rows they are given."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from recruiter.accounts import auth
from recruiter.accounts.security import CHANGE_PAGE

Row = Callable[[str], str]

# The table that an argument of an address, or a field of a body, names by id. A new name has to be told here.
TABLES = {
    "application_id": "applications",
    "candidate_id": "candidates",
    "client_id": "clients",
    "contact_id": "contacts",
    "delivery_id": "webhook_deliveries",
    "endpoint_id": "webhook_endpoints",
    "invitation_id": "member_invitations",
    "job_id": "jobs",
    "key_id": "api_keys",
    "mail_id": "inbound_mails",
    "member_id": "members",
    "membership_id": "memberships",
    "message_id": "messages",
    "note_id": "scorecard_notes",
    "notice_id": "notices",
    "owner_id": "members",
    "owner": "members",
    "point_id": "feedback_points",
    "reminder_id": "reminders",
    "requirement_id": "requirements",
    "resource_id": "resources",
    "response_id": "responses",
    "run_id": "import_runs",
    "scorecard_id": "scorecards",
    "subject_id": "applications",
    "template_id": "templates",
    "version_id": "template_versions",
}


@dataclass(frozen=True)
class Step:
    """One route with one method."""

    rule: Rule
    method: str
    guard: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    def path(self, row: Row) -> str:
        """The address with the ids of these rows."""
        values = {name: argument(name, row) for name in self.rule.arguments}
        return self.rule.build(values)[1]


def steps(app: Flask) -> Iterator[Step]:
    """Every route that asks who is there, each with its guard: ``member`` or ``key``."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        guard = guard_of(app, rule.endpoint)
        if guard in {"member", "key"}:
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield Step(rule, method, guard)


def guard_of(app: Flask, endpoint: str) -> str:
    """What a route asks for: ``member``, ``key``, ``public`` (said so), or ``none``."""
    if endpoint == CHANGE_PAGE:
        return "member"
    guards = app.before_request_funcs.get(endpoint.rpartition(".")[0], [])
    names = {auth.require_member: "member", auth.require_key: "key", auth.public: "public"}
    return next((names[guard] for guard in guards if guard in names), "none")


def argument(name: str, row: Row) -> object:
    if name == "item":  # of Today: a kind and an id
        return f"response-{row('responses')}"
    return uuid.UUID(row(TABLES[name]))


def body(schema: Mapping, spec: Mapping, row: Row) -> object:
    """The smallest body that fits a schema of the description, and every id in it."""
    schema = _resolved(schema, spec)
    wanted = set(schema.get("required", ())) | {name for name in schema.get("properties", {}) if name in TABLES}
    return {name: _value(name, schema["properties"][name], spec, row) for name in wanted}


def _value(name: str, schema: Mapping, spec: Mapping, row: Row) -> object:
    schema = _resolved(schema, spec)
    kind = schema.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if name in TABLES and kind == "string":
        return row(TABLES[name])
    if "enum" in schema:
        return schema["enum"][0]
    formats = {"email": "new@example.com", "date": "2026-03-02", "date-time": "2026-03-02T12:00:00Z"}
    formats |= {"uuid": str(uuid.uuid4()), "uri": "https://ats.example.com/hook", "url": "https://ats.example.com/hook"}
    plain = {
        "string": formats.get(schema.get("format", ""), "x"),
        "integer": schema.get("minimum", 1),
        "number": 1,
        "boolean": True,
    }
    if kind == "array":
        return [_value(name, schema["items"], spec, row)]
    return body(schema, spec, row) if kind == "object" else plain[kind]


def _resolved(schema: Mapping, spec: Mapping) -> Mapping:
    for part in ("allOf", "anyOf", "oneOf"):
        if part in schema:
            schema = schema[part][0]
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema
