"""Page forms read by the same kind of schema as the API: one validator for both."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from recruiter.errors import Invalid


def load(schema: type[Schema], form: MultiDict[str, str]) -> dict[str, Any]:
    """Return the form's values as the schema types them; an empty field counts as left out.

    Raises ``Invalid`` with messages by field name. Fields that the schema does not know (the CSRF token, the button)
    are not looked at.
    """
    reader = schema(unknown=EXCLUDE)
    values: dict[str, Any] = {}
    for name, field in reader.load_fields.items():
        sent = [value.strip() for value in form.getlist(field.data_key or name)]
        filled = [value for value in sent if value]
        if isinstance(field, fields.List):
            values[field.data_key or name] = filled
        elif filled:
            values[field.data_key or name] = filled[0]
    try:
        loaded: dict[str, Any] = reader.load(values)
    except ValidationError as error:
        raise Invalid({**error.messages_dict}) from error
    return loaded
