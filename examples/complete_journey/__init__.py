"""A year of purchases by 2,469 households, mapped to the raw contract: see README.md."""
