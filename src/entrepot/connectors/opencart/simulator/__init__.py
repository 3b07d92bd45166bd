"""An OpenCart shop with the bridge in it, as a process of our own: real HTTP on loopback, state in memory.

It answers protocol V1 (docs/reference/opencart-bridge-v1.md) as the PHP bridge does, keeps rows as OpenCart stores them
(escaped text, decimals as text, shop-local times), moves stock by OpenCart's own rules, and fails on order.

    from entrepot.connectors.opencart.simulator import Item, Shop, SimulatorServer

    shop = Shop.demo()                                  # 4.1.0.4, 19 demo products + one variant, 8 demo orders
    shop = Shop.demo(line="3.0", timezone="Asia/Seoul", currency="KRW", orders=60)
    shop = Shop.generated("5000x4", line="4.1")         # 5,000 products, one select option with 4 values each
    shop = Shop.empty()
    with SimulatorServer(shop, secret="s3cret") as simulator:     # port 0 = any free port
        simulator.url, simulator.secret                 # "http://127.0.0.1:41234", "s3cret"

        # Things happen in the shop (all verbs are also POST /_control/<verb> with a JSON body):
        order_id = shop.place_order([Item(30, 1, options={226: 15})])     # {product_option_id: product_option_value_id}
        order_id = shop.place_order([Item(40, 2)], currency="EUR", coupon="2222", confirm=False)   # a cart: status 0
        shop.confirm_order(order_id)                    # becomes real late: old id, old dates, new history row
        shop.set_status(order_id, 7, comment="Customer changed mind")
        shop.edit_order(order_id, [Item(40, 1)], shipping={"city": "Busan"})
        shop.delete_order(order_id)
        shop.set_quantity(30, 5); shop.set_option_quantity(30, 39, 2)
        form = shop.open_product_form(30); shop.save_product(30, form)    # a form saved late overwrites the stock
        shop.rotate_option_ids(30); shop.copy_product(40); shop.add_variant(30, values=[39], model="Product 3-RED")
        shop.maintenance = True; shop.enabled = False; shop.installed = False; shop.clock.skew = 600

        # Trouble on order:
        simulator.faults.add("error", resource="stock", times=2)          # kinds: see faults.KINDS
        simulator.faults.add("throttle", retry_after=3); simulator.faults.add("lost", resource="stock")
        simulator.faults.clear()

        # What was asked of the shop:
        simulator.counters.requests["stock"]; simulator.counters.most_at_once
        simulator.counters.stock_writes                  # StockWrite(product_id, quantity, acknowledged …)
        simulator.counters.wait_for_stock(30, 39, quantity=2, timeout=5)

By command line: `python -m entrepot.connectors.opencart.simulator --port 8090 --secret … --catalogue demo`.
"""

from entrepot.connectors.opencart.simulator.faults import Faults
from entrepot.connectors.opencart.simulator.rows import CartRefused, Customer, Item
from entrepot.connectors.opencart.simulator.server import SimulatorServer
from entrepot.connectors.opencart.simulator.shop import Shop

__all__ = ["CartRefused", "Customer", "Faults", "Item", "Shop", "SimulatorServer"]
