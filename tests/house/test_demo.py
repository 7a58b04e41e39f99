"""`recruiter demo` shows the product with nothing set up before."""

import contextlib
import re

import httpx2
import pytest

from tests.product import Product, surroundings

pytestmark = [pytest.mark.once, pytest.mark.slow]


def sign_in(product) -> httpx2.Client:
    """A session of the first member that the command printed."""
    email, password = re.search(r"as (\S+@\S+) with the password (\S+)", product.log.read_text()).groups()
    client = httpx2.Client(base_url=product.url, follow_redirects=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text).group(1)
    assert client.post("/login", data={"email": email, "password": password, "csrf_token": token}).status_code == 200
    return client


def test_the_sample_firm_is_there_from_nothing_and_stays(tmp_path):
    folder = {"RECRUITER_DATA_DIR": str(tmp_path / "instance")}
    with Product(surroundings() | folder, tmp_path / "log", "demo") as product:
        with contextlib.closing(sign_in(product)) as client:
            today = client.get("/today")
        product.stop()
        before = product.log.read_text()
        product.variables = surroundings(measured=True) | folder
        product.start()
        after = product.log.read_text().removeprefix(before)
        served_at = product.url

    assert f"Sign in on {served_at}/login" in before
    assert "people are waiting longer than we promised" in today.text
    assert "Sample firm" in today.text
    assert re.findall(r"with the password (\S+)", before) == re.findall(r"with the password (\S+)", after)
