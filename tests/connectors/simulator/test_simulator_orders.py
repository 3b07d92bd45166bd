"""Orders by OpenCart's own rules, by exact values over HTTP. Case numbers are those of the reference, §10."""

import pytest

from entrepot.connectors.opencart.simulator import CartRefused, Customer, Item, Shop

LONDON = Customer(
    firstname="Jane", lastname="Smith", city="London", country="United Kingdom", country_code="GB", postcode="SW1A 1AA"
)


def totals(order):
    return [(row["code"], row["value"]) for row in order["order_total"]]


def changes_after(caller, cursor):
    reply = caller.get("orders", f"&after_history_id={cursor}&limit=500")
    assert reply.status == 200
    return [int(row["order"]["order_id"]) for row in reply.json["data"]], reply.json["meta"]


def last_history(caller):
    return caller.get("info").content["counts"]["last_order_history_id"]


# --------------------------------------------------------------------------- carts, late confirmation, stock


def test_a_cart_is_status_0_without_history_and_moves_no_stock(every_line):
    """Case 2."""
    before = last_history(every_line)
    order_id = every_line.shop.place_order([Item(28, 2)], confirm=False)
    order = every_line.order(order_id)

    assert (order["order"]["order_status_id"], order["order_history"]) == ("0", [])
    assert every_line.quantity(28) == 939
    assert last_history(every_line) == before
    assert order_id not in changes_after(every_line, 0)[0]


def test_a_cart_confirmed_days_later_has_an_old_id_and_old_dates_and_only_a_new_history_id(four_one):
    """Case 3."""
    shop, cursor = four_one.shop, last_history(four_one)
    shop.clock.skew = -5 * 86_400
    cart = shop.place_order([Item(28, 2)], confirm=False)
    shop.clock.skew = 0
    newer = shop.place_order([Item(40, 1)])
    added = four_one.order(cart)["order"]["date_added"]
    shop.confirm_order(cart)
    order = four_one.order(cart)

    assert cart < newer
    assert changes_after(four_one, cursor)[0] == [newer, cart]
    assert order["order"]["date_added"] == added
    assert order["order"]["date_modified"] == added
    assert order["order_history"][0]["date_added"] > added
    assert four_one.quantity(28) == 937


@pytest.mark.parametrize(
    ("status", "left"), [(1, 3), (2, 3), (3, 3), (5, 3), (12, 3), (7, 7), (15, 7), (16, 7), (10, 7)]
)
def test_stock_is_taken_by_the_processing_and_complete_sets_alone(four_one, status, left):
    """Pending already takes; 15 Processed does not (reference §5)."""
    four_one.shop.place_order([Item(30, 4, options={226: 16})], status=status)

    assert four_one.quantity(30) == left
    assert four_one.quantity(30, 40) == left - 2


def test_processed_gives_stock_back_and_pending_takes_it_again(every_line):
    order_id = every_line.shop.place_order([Item(28, 3)])
    seen = [every_line.quantity(28)]
    for status in (15, 1):
        every_line.shop.set_status(order_id, status)
        seen.append(every_line.quantity(28))

    assert seen == [936, 939, 936]


def test_canceling_restocks_once_and_coming_back_takes_again(every_line):
    """Case 11."""
    order_id = every_line.shop.place_order([Item(28, 3)])
    seen = []
    for status in (7, 11, 7, 1):
        every_line.shop.set_status(order_id, status)
        seen.append(every_line.quantity(28))

    assert seen == [939, 939, 939, 936]


def test_what_is_not_counted_never_moves(four_one):
    """Case 21: product 47 and the values Green and Blue of product 42 have subtract 0."""
    four_one.shop.place_order([Item(47, 3, options={225: "2026-12-24"})])
    four_one.shop.place_order([apple_cinema(select=1)])

    assert four_one.quantity(47) == 1000
    assert four_one.quantity(42, 41) == 100
    assert four_one.quantity(42) == 988


def apple_cinema(select=4):
    options = {218: 7, 223: [8, 9], 208: 'Für "Anna" & <Bob> 한글', 217: select, 209: "a\nb"}
    return Item(42, 2, options={**options, 222: "8a95da", 219: "2026-12-24", 221: "10:30", 220: "2026-12-24 10:30"})


def test_two_carts_on_the_last_unit_both_confirm_and_the_counter_goes_negative(every_line):
    """Case 18."""
    shop = every_line.shop
    shop.set_quantity(28, 1)
    carts = [shop.place_order([Item(28, 1)], confirm=False) for _ in range(2)]
    for cart in carts:
        shop.confirm_order(cart)

    assert every_line.quantity(28) == -1


def test_the_storefront_refuses_more_than_the_counter_even_when_it_is_not_counted(four_one):
    shop = four_one.shop
    shop.set_quantity(47, 2)
    with pytest.raises(CartRefused, match="product 47 has 2"):
        shop.place_order([Item(47, 3, options={225: "2026-12-24"})])
    with pytest.raises(CartRefused, match="option value 15 has 2"):
        shop.place_order([Item(30, 3, options={226: 15})])


def test_stock_moved_by_orders_leaves_date_modified_alone(every_line):
    """Case 22."""
    every_line.shop.place_order([Item(28, 1)])
    assert every_line.product(28)["date_modified"] == "2011-09-30 01:05:39"


def test_only_4_1_leaves_the_orders_date_modified_on_a_status_change(every_line):
    """Case 1."""
    shop = every_line.shop
    order_id = shop.place_order([Item(28, 1)])
    shop.clock.skew = 60
    shop.set_status(order_id, 2)
    row = every_line.order(order_id)["order"]

    assert (row["date_modified"] == row["date_added"]) == (shop.line.name == "4.1")


def test_rows_of_the_same_second_keep_their_order_by_id(four_one):
    """Case 28."""
    shop = four_one.shop
    shop.stop_clock_at(shop.clock.utc())
    order_id = shop.place_order([Item(28, 1)])
    shop.set_status(order_id, 2)
    shop.set_status(order_id, 3)
    history = four_one.order(order_id)["order_history"]

    assert len({row["date_added"] for row in history}) == 1
    assert [row["order_status_id"] for row in history] == ["1", "2", "3"]


# --------------------------------------------------------------------------- edit, delete


def test_an_edit_gives_new_line_ids_passes_through_another_status_and_jumps_the_history(every_line):
    """Case 16."""
    shop = every_line.shop
    order_id = shop.place_order([Item(28, 2)])
    old = every_line.order(order_id)
    shop.edit_order(order_id, [Item(28, 1), Item(40, 1)], shipping={"city": "부산 & 울산"}, finish=False)
    passing = every_line.order(order_id)
    shop.set_status(order_id, 1)
    new = every_line.order(order_id)

    through, notify = ("16", "1") if shop.line.name == "4.1" else ("0", "0")
    assert passing["order"]["order_status_id"] == through
    assert (passing["order_history"][-1]["order_status_id"], passing["order_history"][-1]["notify"]) == (
        through,
        notify,
    )
    assert [row["order_status_id"] for row in new["order_history"]] == ["1", through, "1"]
    old_ids = {row["order_product_id"] for row in old["order_product"]}
    assert old_ids.isdisjoint(row["order_product_id"] for row in new["order_product"])
    assert new["order"]["shipping_city"] == "부산 &amp; 울산"
    assert new["order"]["total"] == "206.0000"
    assert (every_line.quantity(28), every_line.quantity(40)) == (938, 969)


def test_a_passing_status_0_is_reported_as_it_is(every_line):
    cursor = last_history(every_line)
    order_id = every_line.shop.place_order([Item(28, 2)])
    every_line.shop.edit_order(order_id, finish=False)
    assert changes_after(every_line, cursor)[0] == [order_id]


def test_deleting_an_order_leaves_no_trace_and_restocks_before_4_1_alone(every_line):
    """Case 17."""
    shop, cursor = every_line.shop, last_history(every_line)
    order_id = shop.place_order([Item(28, 2)])
    shop.delete_order(order_id)
    reply = every_line.get("order", f"&ids={order_id}")

    assert every_line.quantity(28) == (937 if shop.line.name == "4.1" else 939)
    assert (reply.content, reply.json["meta"]["gone"]) == ([], [order_id])
    assert every_line.get("order_states", f"&ids={order_id},1").json["meta"]["gone"] == [order_id]
    assert changes_after(every_line, cursor)[0] == []
    assert every_line.get("events").content[-1]["kind"] == "order.deleted"


def test_an_order_deleted_by_sql_leaves_its_history_behind_and_is_gone(four_one):
    cursor = last_history(four_one)
    order_id = four_one.shop.place_order([Item(28, 2)])
    four_one.shop.delete_order(order_id, keep_history=True)
    orders, meta = changes_after(four_one, cursor)

    assert (orders, meta["gone"], meta["cursor"]) == ([], [order_id], cursor + 1)


# --------------------------------------------------------------------------- money, text, options, variants


def test_several_taxes_per_unit_and_on_shipping(every_line):
    """Case 7: the recorded order 1, by calculation."""
    order = every_line.order(every_line.shop.place_order([Item(40, 1)], customer=LONDON))

    assert order["order_product"][0]["tax"] == "22.2000"
    assert totals(order) == [
        ("sub_total", "101.0000"),
        ("shipping", "5.0000"),
        ("tax", "4.0000"),
        ("tax", "21.2000"),
        ("total", "131.2000"),
    ]


def test_a_fixed_tax_counts_per_line_on_4_1_and_per_piece_before(every_line):
    """Case 9: the recorded order 4, by calculation."""
    order = every_line.order(every_line.shop.place_order([Item(28, 1), Item(41, 3)], customer=LONDON))
    four_one = every_line.shop.line.name == "4.1"

    assert totals(order)[2] == ("tax", "6.0000" if four_one else "10.0000")
    assert order["order"]["total"] == ("492.0000" if four_one else "496.0000")


def test_a_coupon_is_a_negative_row_and_line_tax_no_longer_adds_up(four_one):
    """Case 8: the recorded order 7, by calculation."""
    order = four_one.order(four_one.shop.place_order([Item(40, 2)], customer=LONDON, coupon="2222"))
    line = order["order_product"][0]

    assert totals(order) == [
        ("sub_total", "202.0000"),
        ("shipping", "5.0000"),
        ("coupon", "-20.2000"),
        ("tax", "4.0000"),
        ("tax", "37.3600"),
        ("total", "228.1600"),
    ]
    assert (line["tax"], line["quantity"]) == ("22.2000", "2")


def test_a_foreign_currency_keeps_base_amounts_beside_its_rate(every_line):
    """Case 6: the recorded order 3, by calculation."""
    order = every_line.order(every_line.shop.place_order([Item(28, 2), Item(43, 1)], currency="EUR"))["order"]

    assert (order["total"], order["currency_code"], order["currency_value"]) == ("705.0000", "EUR", "0.78460002")


def test_a_percentage_discount_on_4_1_and_specials_before(every_line):
    """Cases 37 and 38: 88 % off ten pieces on 4.1; 4.0 and 3.0 sell at the special."""
    item = apple_cinema()
    line = every_line.order(every_line.shop.place_order([Item(42, 10, options=item.options)]))["order_product"][0]

    assert line["price"] == ("19.6800" if every_line.shop.line.name == "4.1" else "154.0000")


def test_every_type_of_option_on_one_line(four_one):
    """Case 10: checkbox rows share a product_option_id; free text has value id 0; text is escaped."""
    options = four_one.order(four_one.shop.place_order([apple_cinema()]))["order_product"][0]["options"]
    by_type = {}
    for row in options:
        by_type.setdefault(row["type"], []).append(row)

    assert {row["product_option_id"] for row in by_type["checkbox"]} == {"223"}
    assert [row["value"] for row in by_type["checkbox"]] == ["Checkbox 1", "Checkbox 2"]
    assert by_type["text"][0]["value"] == "Für &quot;Anna&quot; &amp; &lt;Bob&gt; 한글"
    assert (by_type["text"][0]["product_option_value_id"], by_type["text"][0]["option_value_id"]) == ("0", None)
    assert (by_type["select"][0]["option_id"], by_type["select"][0]["option_value_id"]) == ("5", "39")
    assert by_type["datetime"][0]["name"] == "Date &amp; Time"
    assert by_type["file"][0]["value"] == "8a95da"


def test_an_option_whose_row_is_gone_is_not_resolved(four_one):
    order_id = four_one.shop.place_order([Item(30, 1, options={226: 15})])
    four_one.shop.rotate_option_ids(30)
    option = four_one.order(order_id)["order_product"][0]["options"][0]

    assert (option["product_option_value_id"], option["option_id"], option["option_value_id"]) == ("15", None, None)


def test_text_is_stored_escaped_but_for_the_apostrophe(four_one):
    """Cases 4 and 5."""
    buyer = Customer(lastname="O'Brien & Søns", address_1='5 "Rose" Court <rear>', comment="한글 🙂 & more")
    row = four_one.order(four_one.shop.place_order([Item(28, 1)], customer=buyer))["order"]

    assert row["lastname"] == "O'Brien &amp; Søns"
    assert row["shipping_address_1"] == "5 &quot;Rose&quot; Court &lt;rear&gt;"
    assert row["comment"] == "한글 🙂 &amp; more"


def test_one_click_sells_the_variant_on_4_1_and_its_master_on_4_0(serve):
    """Cases 19 and 37."""
    lines = {}
    for name in ("4.1", "4.0"):
        caller = serve(Shop.demo(line=name))
        line = caller.order(caller.shop.place_order([Item(50, 1)]))["order_product"][0]
        figures = (caller.quantity(50), caller.quantity(30), caller.quantity(30, 39))
        options = [row["value"] for row in line["options"]]
        lines[name] = (line["product_id"], line["master_id"], line["price"], options, figures)

    assert lines["4.1"] == ("50", "30", "105.0000", ["Red"], (3, 6, 1))
    assert lines["4.0"] == ("30", "0", "80.0000", ["Red"], (4, 6, 1))


def test_a_variant_is_blocked_by_its_masters_option_stock_and_by_a_disabled_master(four_one):
    """Case 20."""
    with pytest.raises(CartRefused, match="option value 15 has 2"):
        four_one.shop.place_order([Item(50, 3)])
    four_one.shop.save_product(30, status=0)
    with pytest.raises(CartRefused, match="not for sale"):
        four_one.shop.place_order([Item(50, 1)])


def test_a_guest_has_no_payment_address_on_4_and_one_on_3(every_line):
    """Case 29."""
    row = every_line.order(every_line.shop.place_order([Item(28, 1)]))["order"]

    assert (row["payment_city"], row["shipping_city"]) == ("서울" if every_line.shop.line.name == "3.0" else "", "서울")


def test_virtual_goods_have_no_shipping(four_one):
    order = four_one.order(four_one.shop.place_order([Item(43, 1)]))

    assert (order["order"]["shipping_city"], order["order"]["shipping_method"]) == ("", "")
    assert [code for code, _ in totals(order)] == ["sub_total", "total"]


def test_columns_and_methods_differ_by_line(every_line):
    row = every_line.order(every_line.shop.place_order([Item(28, 1)]))["order"]
    four = every_line.shop.line.name != "3.0"

    assert ("master_id" in every_line.order(1)["order_product"][0]) is four
    assert ("payment_code" in row) is not four
    assert row["payment_method"].startswith("{") is four
    assert ("subscription_id" in row) is four
    assert not {"ip", "forwarded_ip", "user_agent", "accept_language"} & set(row)
    assert row.get("transaction_id", "absent") == {"4.1": None, "4.0": "", "3.0": "absent"}[every_line.shop.line.name]


def test_addresses_carry_the_codes_of_their_countries(every_line):
    order = every_line.order(every_line.shop.place_order([Item(28, 1)], customer=LONDON))["order"]
    recorded = every_line.order(3)["order"]
    nowhere = Customer(country="Sealand", country_code="XX")
    unknown = every_line.order(every_line.shop.place_order([Item(28, 1)], customer=nowhere))["order"]
    guest = ("GB", "GBR") if every_line.shop.line.name == "3.0" else (None, None)

    assert (order["shipping_country_id"], order["shipping_iso_code_2"], order["shipping_iso_code_3"]) == (
        "222",
        "GB",
        "GBR",
    )
    assert (order["payment_iso_code_2"], order["payment_iso_code_3"]) == guest
    assert recorded["shipping_iso_code_2"] == {"South Korea": "KR", "United Kingdom": "GB", "Germany": "DE"}.get(
        recorded["shipping_country"], "FR"
    )
    assert (unknown["shipping_country_id"], unknown["shipping_iso_code_2"]) == ("0", None)
