"""The answer key: what the data hides, for tests to look up and for models never to read."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np

from sample_company import parameters as p
from sample_company.anomalies import ANOMALIES
from sample_company.catalogue import CATEGORIES, Catalogue
from sample_company.defects import Account
from sample_company.truth import Truth


def _dates(value: Any) -> str:
    return str(value.isoformat())


def _experiments(truth: Truth) -> dict[str, object]:
    """Each experiment with its effect, what is wrong with it, and its true counts."""
    faults = {
        "X01": [],
        "X02": [],
        "X03": ["sample_ratio_mismatch", "units_in_both_arms", "assigned_before_start"],
    }
    kinds = {"X01": "win", "X02": "no_effect", "X03": "invalid"}
    return {
        e.experiment_id: asdict(e)
        | {"kind": kinds[e.experiment_id], "allocation": [0.5, 0.5], "faults": faults[e.experiment_id]}
        | {"true_counts": truth.experiments[e.experiment_id]}
        for e in p.EXPERIMENTS
    }


def _exchange_rates(catalogue: Catalogue) -> dict[str, object]:
    closed = np.flatnonzero(~catalogue.is_published)
    weekend = [(p.FIRST_DAY + timedelta(days=int(day))).weekday() >= 5 for day in closed]
    return {
        "currencies": list(p.CURRENCIES),
        "days_published": int(catalogue.is_published.sum()),
        "days_missing": len(closed),
        "days_missing_on_weekdays": len(closed) - sum(weekend),
    }


def _account(account: Account) -> dict[str, object]:
    return {
        table: {name: asdict(case) for name, case in sorted(cases.items()) if case.count}
        for table, cases in sorted(account.cases.items())
    }


def answer_key(seed: int, scale: int, catalogue: Catalogue, account: Account, truth: Truth) -> str:
    """The key as JSON text, one fact a line."""
    key = {
        "company": {
            "name": "Larkspur Home", "first_day": p.FIRST_DAY, "last_day": p.LAST_DAY, "days": p.DAYS,
            "seed": seed, "scale": scale, "categories": list(CATEGORIES), "stores": len(p.STORES),
            "products": len(catalogue.names),
        },
        "parameters": {
            "note": "demand factors multiply each other and are then divided by their mean over the window",
            "weekday_factor_monday_first": list(p.WEEKDAY_FACTOR),
            "month_factor_january_first": list(p.MONTH_FACTOR),
            "newcomers": {
                "launch_boost": p.LAUNCH_BOOST, "launch_days": p.LAUNCH_DAYS,
                "yearly_growth": p.YEARLY_GROWTH,
            },
            "repeat_purchases": asdict(p.REPEAT) | {
                "model": "beta-geometric/NBD",
                "clock": "demand: days weighted by the factors above; a week is 7 of them",
                "cohort": f"all customers with an order, less those of {p.POLICY_REGION} from the policy on",
            },
            "tracked_share_of_online_orders": p.TRACKED,
            "promotion_use": p.PROMOTION_USE,
        },
        "policy": {
            "name": "free shipping", "region": p.POLICY_REGION, "first_day": p.POLICY_DAY,
            "figure": "online orders of the region's customers", "effect": p.POLICY_EFFECT,
            "comparable_regions": list(p.POLICY_CONTROLS),
        },
        "experiments": _experiments(truth),
        "anomalies": [asdict(anomaly) for anomaly in ANOMALIES],
        "not_anomalies": {
            "promotions": [asdict(promotion) for promotion in p.PROMOTIONS],
            "holidays": [asdict(holiday) for holiday in p.HOLIDAYS],
        },
        "exchange_rates": _exchange_rates(catalogue),
        "rows": account.rows(),
        "defects": _account(account),
        "ledger": truth.counts,
        "sessions": truth.sessions,
        "identities": truth.identities,
    }  # fmt: skip
    return json.dumps(key, indent=1, ensure_ascii=False, default=_dates) + "\n"
