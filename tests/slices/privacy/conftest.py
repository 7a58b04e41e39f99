"""Maya's letter has arrived, so that there is something to erase."""

from tests.slices.portal.conftest import Case, change, deliver, look, maya, post, reader

__all__ = ["Case", "change", "deliver", "look", "maya", "post", "reader"]
