"""Charts: from a series to a Vega-Lite specification to SVG."""
