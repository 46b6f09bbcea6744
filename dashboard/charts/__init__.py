"""Charts as Vega-Lite, written with Altair. They depend on the kind of data only, never on the numbers.

Altair takes 100 ms to write and check a chart, so each is written once; between clicks only its data travels,
as Arrow, and the browser moves what is drawn instead of drawing it anew. What a chart needs to know of its
numbers comes as a column.
"""
