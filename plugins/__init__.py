"""The dbt-duckdb plugin that publishes the marts, and the few lines that read what it published."""
