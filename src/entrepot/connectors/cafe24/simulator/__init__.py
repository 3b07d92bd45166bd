"""A Cafe24 mall as a process of our own: OAuth and Admin API over real HTTP on loopback, state in memory.

It answers as Cafe24 describes version 2025-03-01: envelopes, key sets, types, headers, limits and refusals.

    from entrepot.connectors.cafe24.simulator import Mall, Shop, SimulatorServer

    mall = Mall.demo(orders=40)                       # half of its SKUs are those of the OpenCart demo shop
    mall = Mall.demo(shops=(Shop(1, "소담상점", default="T"), Shop(2, "Sodam Global", "USD", "en_US", "US")))
    mall = Mall.generated("2500x4"); mall = Mall.empty()
    with SimulatorServer(mall, client_id="…", client_secret="…") as server:    # port 0 = any free port
        server.url                                    # "http://127.0.0.1:41234", the api_base of this one mall
        server.grant()                                # tokens without a browser: {"access_token": …, "expires_at": …}
        server.oauth.decide = "allow"                 # authorize answers at once; "deny", or "ask" for the page
        server.oauth.launch_query()                   # the signed query with which the mall's admin opens the app
        server.oauth.tokens.expire_access(); server.oauth.uninstall()

        # Things happen in the mall (all verbs are also POST /_control/<verb> with a JSON body):
        mall.add_product("린넨 셔츠", "49000", options={"색상": ["블랙"], "사이즈": ["M", "L"]}, quantity=5)
        mall.edit_product(11, price="15000"); mall.edit_variant("P000000L000A", custom_variant_code="SKU-1")
        mall.set_stock("P000000L000A", 3); mall.stock("P000000L000A"); mall.delete_product(11)
        order_id = mall.place_order([("P000000L000A", 2)], market="coupang")       # all words: order_placing.Basket
        mall.ship_in_admin(order_id); mall.deliver(order_id); mall.request_return(order_id)      # all: order_deeds
        mall.orders.switches.trailing_blank = True    # what differs from mall to mall: order_rows.OrderSwitches
        mall.parcels()                                # {"issued": …, "orders": …, "doubled": […]}
        mall.clock.move(hours=2); mall.clock.stopped = …; mall.settings.use_product_prepare_status = False
        versions.end(mall.settings, "2025-03-01", "2026-03-01")

        # Trouble on order (kinds: faults.KINDS; `resource` are words that must fit, see faults.Faults):
        server.faults.add("lost", resource="POST shipments", times=1); server.faults.clear()
        server.bucket.capacity, server.bucket.leak, server.bucket.enforced, server.quota.block(37)

        # What the mall tells the app (webhooks.DISTURBANCES):
        server.webhooks.address, server.webhooks.key = "http://127.0.0.1:8000/…", "…"
        server.webhooks.disturb("lost"); server.webhooks.wait(3)

        # What was asked of the mall:
        server.counters.requests["GET /products"]; server.counters.most_per_second; server.counters.refused
        server.counters.wait_for_stock("P000000L000A", quantity=2, timeout=5)

A test that refreshes more than 15 times in two hours of the mall's clock sets `server.oauth.most_token_requests`.

By command line: `python -m entrepot.connectors.cafe24.simulator --port 8091 --catalogue demo --orders 40`.
"""

from entrepot.connectors.cafe24.simulator.faults import Faults
from entrepot.connectors.cafe24.simulator.mall import Mall, SoldOut
from entrepot.connectors.cafe24.simulator.server import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, SimulatorServer
from entrepot.connectors.cafe24.simulator.settings import MallSettings, Shop

__all__ = [
    "DEFAULT_CLIENT_ID",
    "DEFAULT_CLIENT_SECRET",
    "Faults",
    "Mall",
    "MallSettings",
    "Shop",
    "SimulatorServer",
    "SoldOut",
]
