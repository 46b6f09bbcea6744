"""The dashboard: pages that read the metrics of a published version of the warehouse, and nothing else."""
