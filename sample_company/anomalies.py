"""The days on which a daily figure is out of the ordinary, and why. Promotions and holidays are not here."""

from sample_company import parameters as p
from sample_company.delivery_shop import PRODUCT_IDS
from sample_company.parameters import Anomaly

ANOMALIES = (
    Anomaly(
        anomaly_id="outage",
        days=(p.OUTAGE_DAY, p.OUTAGE_DAY),
        tables=("shop.orders", "web.events"),
        figures={"online orders": "down", "events": "down"},
        size="no online order and no event all day; the orders are made one to four days later",
        store_id=p.STORES[p.ONLINE].store_id,
    ),
    Anomaly(
        anomaly_id="payment_failure",
        days=p.PAYMENT_FAILURE,
        tables=("shop.payments", "shop.orders"),
        figures={"failed payments": "up", "cancelled orders": "up"},
        size="every card payment from 07:00 on fails; 60 % of those orders are cancelled",
    ),
    Anomaly(
        anomaly_id="crawler_flood",
        days=(p.CRAWLER_DAY, p.CRAWLER_DAY),
        tables=("web.events",),
        figures={"events": "up", "visitors": "up"},
        size=f"{p.CRAWLER_EVENTS} more events per shard, of one crawler that says so",
    ),
    Anomaly(
        anomaly_id="mispriced_product",
        days=p.MISPRICED_DAYS,
        tables=("shop.product_prices", "shop.order_items"),
        figures={"units of the product": "up", "gross margin of the product": "down"},
        size=f"list price at a tenth; {p.MISPRICED_ORDERS} more orders per shard",
        product_id=PRODUCT_IDS[p.MISPRICED_PRODUCT],
    ),
    Anomaly(
        anomaly_id="day_loaded_late",
        days=(p.LATE_DAY, p.LATE_DAY),
        tables=("web.events",),
        figures={"events received": "down", "hours from event to receipt": "up"},
        size=f"all human events of the day are received {p.LATE_DAYS} days later",
    ),
    Anomaly(
        anomaly_id="day_loaded_twice",
        days=(p.TWICE_DAY, p.TWICE_DAY),
        tables=("shop.orders", "shop.order_items", "shop.payments"),
        figures={"raw rows": "up", "duplicates": "up"},
        size="every row twice; the day is as usual once duplicates are removed",
    ),
    Anomaly(
        anomaly_id="viral_day",
        days=(p.VIRAL_DAY, p.VIRAL_DAY),
        tables=("web.events", "shop.order_items"),
        figures={"sessions by social": "up", "units of the product": "up"},
        size=f"{p.VIRAL_SESSIONS} more sessions and {p.VIRAL_ORDERS} more guest orders per shard",
        product_id=PRODUCT_IDS[p.VIRAL_PRODUCT],
    ),
    Anomaly(
        anomaly_id="tracking_loss",
        days=p.MOBILE_LOSS,
        tables=("web.events",),
        figures={"mobile events": "down", "tracked share of online orders": "down"},
        size=f"{p.MOBILE_LOSS_SHARE:.0%} of the sessions on mobile devices are lost; orders are as usual",
        device_type="mobile",
    ),
    Anomaly(
        anomaly_id="store_closed",
        days=p.CLOSURE,
        tables=("shop.orders",),
        figures={"orders of the store": "down"},
        size="no order; its customers buy online instead, its guests not at all",
        store_id=p.STORES[p.CLOSED_STORE].store_id,
    ),
    Anomaly(
        anomaly_id="recall",
        days=p.RECALL_DAYS,
        tables=("shop.refunds",),
        figures={"refunds": "up", "refunds of the product": "up"},
        size=f"{p.RECALL_SHARE:.0%} of the lines of the {p.RECALL_LOOKBACK_DAYS} days before come back",
        product_id=PRODUCT_IDS[p.RECALLED_PRODUCT],
    ),
)
