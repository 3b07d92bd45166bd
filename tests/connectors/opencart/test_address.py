"""The Domain URL as people paste it."""

import pytest

from entrepot.connectors.opencart.address import resource_url, shop_address
from entrepot.connectors.opencart.errors import BadDomainUrl


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        ("shop.example.com", "https://shop.example.com/"),
        ("  https://shop.example.com  ", "https://shop.example.com/"),
        ("http://shop.example.com", "http://shop.example.com/"),
        ("HTTPS://Shop.Example.COM/", "https://shop.example.com/"),
        ("https://shop.example.com/index.php", "https://shop.example.com/"),
        ("https://shop.example.com/index.php?route=common/home", "https://shop.example.com/"),
        ("shop.example.com/store", "https://shop.example.com/store/"),
        ("shop.example.com/store/index.php?route=product/product&product_id=4#top", "https://shop.example.com/store/"),
        ("https://shop.example.com/admin/", "https://shop.example.com/"),
        ("https://shop.example.com/admin/index.php?route=common/login", "https://shop.example.com/"),
        (
            "https://shop.example.com/store/secret7/index.php?route=common/dashboard&user_token=abc",
            "https://shop.example.com/store/",
        ),
        ("shop.example.com:8443/store", "https://shop.example.com:8443/store/"),
        ("https://shop.example.com:443", "https://shop.example.com/"),
        ("http://shop.example.com:80", "http://shop.example.com/"),
        ("localhost:8084", "http://localhost:8084/"),
        ("127.0.0.1:8084/", "http://127.0.0.1:8084/"),
        ("https://127.0.0.1:8084", "https://127.0.0.1:8084/"),
        ("http://[::1]:8084", "http://[::1]:8084/"),
        ("“https://shop.example.com”", "https://shop.example.com/"),
        ("https:/shop.example.com", "https://shop.example.com/"),
        ("//shop.example.com", "https://shop.example.com/"),
        ("\u200bshop.example.com", "https://shop.example.com/"),
        ("https://쇼핑몰.한국", "https://쇼핑몰.한국/"),
    ],
)
def test_a_shop_is_found_however_its_address_is_pasted(pasted, address):
    assert shop_address(pasted) == address


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "https://",
        "ftp://shop.example.com",
        "https://anna:secret@shop.example.com",
        "my shop!",
        "12345",
        "http://:80",
    ],
)
def test_what_is_no_address_of_a_shop_is_refused(pasted):
    with pytest.raises(BadDomainUrl):
        shop_address(pasted)


def test_a_resource_has_one_spelling():
    url = resource_url("https://shop.example.com/store/", "products", {"ids": "1,2", "q": "a b&c"})
    assert url == (
        "https://shop.example.com/store/index.php?route=extension/oms_bridge/api&resource=products&ids=1,2&q=a%20b%26c"
    )
