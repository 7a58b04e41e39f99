"""What attacks begin with: a person who is known well, or the installation that the tests of the whole start."""

from tests.attack.zephyrine import change, deliver, look, maya, post, zephyrine  # noqa: F401 - fixtures, as the next
from tests.commands import run  # noqa: F401
from tests.whole.conftest import api, mail_server, product, sink  # noqa: F401
