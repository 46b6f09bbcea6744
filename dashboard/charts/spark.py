"""A line so small that it needs no axes: how a number came to be."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 200.0, 34.0, 3.0


def spark_svg(history: Sequence[float | None]) -> str:
    """A line over the known values, from 0 or the lowest to the highest, with a faint area below."""
    known = [value for value in history if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if known and min(known) > 0.5 * high:
        low = min(known) - 0.15 * (high - min(known))
    step = WIDTH / max(1, len(history) - 1)
    usable = HEIGHT - 2 * MARGIN
    points = [
        (index * step, MARGIN + usable * (1 - (value - low) / ((high - low) or 1)))
        for index, value in enumerate(history)
        if value is not None
    ]
    if len(points) == 1:
        points = [(0.0, points[0][1]), (WIDTH, points[0][1])]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"/>'
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
        ' preserveAspectRatio="none">'
        f'<path d="M{points[0][0]:.1f} {HEIGHT:g}L{line}L{points[-1][0]:.1f} {HEIGHT:g}Z" opacity=".13"/>'
        f'<path d="M{line}" fill="none" stroke="#000" stroke-width="1.75" stroke-linejoin="round"'
        f' stroke-linecap="round" vector-effect="non-scaling-stroke"/></svg>'
    )
