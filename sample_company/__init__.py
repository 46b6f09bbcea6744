"""Larkspur Home, a company that does not exist: two years of raw data from five source systems.

A company is made of shards of about 3,000 customers each, and of what they share:

- `parameters` holds every number, `streams` the random numbers, `clock` how demand runs through the calendar
- `catalogue`, `customers`, `purchases`, `orders`, `payments`: the shop
- `visits`, `events`, `experiments`: the web; `planning`: the budget; `shard` puts one shard together
- `defects` and `delivery_*` turn clean arrays into raw text with everything that raw data does in practice
- `anomalies`, `truth`, `answer_key`: what the data hides; `text`, `writer`, `company`: how it is written
"""
