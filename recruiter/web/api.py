"""The REST API's frame: blueprints that document every error as problem+json, and the description itself."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, abort
from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response
from marshmallow import INCLUDE, RAISE, Schema, fields
from webargs.flaskparser import FlaskParser

VERSION = "1"
PREFIX = f"/api/v{VERSION}"
View = Callable[..., Any]
Decorator = Callable[[View], View]

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "description": "A repeat with the same key and body answers with what the first request made.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
COMMON_ERRORS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 500)


class Problem(Schema):
    """A refusal (RFC 9457). ``code`` is stable; ``detail`` and ``errors`` are for people.

    A refusal may carry more, such as the findings or the id of what is there already.
    """

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String()
    errors = fields.Dict(keys=fields.String())


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """Flask-smorest's Api with RFC 9457 errors; answers are made by ``recruiter.web.errors``."""

    ERROR_SCHEMA = Problem

    def register_blueprint(self, blp: "ApiBlueprint") -> None:
        """Attach a blueprint as flask-smorest does, but describe it by its tag, not by Flask's name for it."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
        self.spec.tag({"name": blp.tag, "description": blp.description})

    def _register_error_handlers(self) -> None:
        """Leave every error to the one table in ``recruiter.web.errors``."""

    def _register_responses(self) -> None:
        rows: list[tuple[str, str]] = [(status.name, status.phrase) for status in HTTPStatus]
        for name, description in [*rows, ("DEFAULT_ERROR", "Problem")]:
            response: dict[str, Any] = {"description": description}
            if name != HTTPStatus.NOT_MODIFIED.name:
                response["schema"] = Problem
            prepare_response(response, self.spec, "application/problem+json")
            self.spec.components.response(name, response, lazy=True)
        self.spec.components.parameter("IDEMPOTENCY_KEY", "header", IDEMPOTENCY_KEY)


class StrictParser(FlaskParser):
    """Refuses unknown names in the query too: a filter that is misspelt must not show everything.

    And a body that is no JSON: it must not count as left out.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE}

    def _raw_load_json(self, req: Request) -> Any:
        if not req.is_json and req.get_data(cache=True):
            abort(415, "Send the body as JSON, with Content-Type: application/json.")
        try:
            return super()._raw_load_json(req)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists in lists
            raise json.JSONDecodeError("Too large or too deep", "...", 0) from error

    def _handle_invalid_json_error(self, error: json.JSONDecodeError | UnicodeDecodeError, *_args: Any) -> Any:
        abort(400, f"The body is not JSON. {error}.")


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A blueprint under ``/api/v1`` whose operations all document the errors any operation can answer with.

    The methods below add nothing but types to flask-smorest's own.
    """

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, import_name: str, *, url_prefix: str, description: str) -> None:
        # Flask knows the pages by the plain name.
        super().__init__(f"{name}_api", import_name, url_prefix=f"{PREFIX}{url_prefix}", description=description)
        self.tag = name.replace("_", " ")
        self._prepare_doc_cbks.append(_document_errors)

    def get(self, rule: str, **options: Any) -> Decorator:
        """Route GET."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Decorator:
        """Route POST."""
        return self.route(rule, methods=["POST"], **options)

    def patch(self, rule: str, **options: Any) -> Decorator:
        """Route PATCH."""
        return self.route(rule, methods=["PATCH"], **options)

    def delete(self, rule: str, **options: Any) -> Decorator:
        """Route DELETE."""
        return self.route(rule, methods=["DELETE"], **options)

    def route(self, rule: str, **options: Any) -> Decorator:
        """Route the methods of ``options``."""
        decorator: Decorator = super().route(rule, **{"tags": [self.tag]} | options)
        return decorator

    def arguments(self, schema: type[Schema] | Schema, **options: Any) -> Decorator:
        """Read the body, or the query with ``location="query"``, by ``schema``; the view gets it first."""
        # Made once: the parser would make one at every request.
        made = schema() if isinstance(schema, type) else schema
        decorator: Decorator = super().arguments(made, **options)
        return decorator

    def response(self, status_code: int, schema: type[Schema] | None = None, **options: Any) -> Decorator:
        """Write what the view returns by ``schema``."""
        decorator: Decorator = super().response(status_code, schema, **options)
        return decorator

    def alt_response(self, status_code: int, **options: Any) -> Decorator:
        """Document another answer that the view may return, with its ``schema`` and ``description``."""
        decorator: Decorator = super().alt_response(status_code, **options)
        return decorator

    def etag(self, view: View) -> View:
        """Answer with an ETag; a change needs ``If-Match`` and checks it with ``check_etag``."""
        marked: View = super().etag(view)
        return marked

    def check_etag(self, etag_data: object, etag_schema: type[Schema] | None = None) -> None:
        """Refuse a change that names no version, or another than ``etag_data``'s.

        That the row is there was found out before: another firm's is not, whatever version is named.
        """
        super()._check_precondition()
        super().check_etag(etag_data, etag_schema)

    def _check_precondition(self) -> None:
        """Leave it to ``check_etag``, which every change calls once it has read the row."""


def _document_errors(doc: dict[str, Any], _doc_info: dict[str, Any], **_context: object) -> dict[str, Any]:
    for status in COMMON_ERRORS:
        doc.setdefault("responses", {}).setdefault(str(status), HTTPStatus(status).name)
    return doc


def init_app(app: Flask) -> ProblemApi:
    """Attach the API and its description at ``/api/v1/openapi.json``."""
    app.config.update(
        API_TITLE="recruiter",
        API_VERSION=f"v{VERSION}",
        OPENAPI_VERSION="3.1.1",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Candidates, jobs, applications, notices, responses, talent pool, contacts."},
            "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
            "security": [{"key": []}],
        },
    )
    return ProblemApi(app)
