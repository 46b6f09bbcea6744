"""Vega-Lite to SVG and SVG to PNG, in a process of its own.

The converter holds Python's lock while it draws, keeps 200 MB for its JavaScript engine, and ends the process
where it fails badly: none of it may happen to a server. So each export starts this file as a script, with a
list of jobs as JSON on stdin: a chart with its data, or a drawing. It answers in their order, on stdout.
"""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any, TypeAlias

Job: TypeAlias = dict[str, Any] | str
SCALE = 2
"""Pixels of a PNG for each pixel of the drawing."""
PATIENCE = 60
"""Seconds after which a drawing is given up."""


class NotDrawnError(RuntimeError):
    """The converter ended without a picture."""


def drawings(charts: Sequence[dict[str, Any]], fonts: str) -> list[str]:
    """Charts, each a Vega-Lite specification with its data, as SVG. Raises NotDrawnError."""
    return answers(charts, fonts)


def rasters(svgs: Sequence[str], fonts: str) -> list[bytes]:
    """Drawings as PNG. Raises NotDrawnError."""
    return [b64decode(answer) for answer in answers(svgs, fonts)]


def answers(jobs: Sequence[Job], fonts: str) -> list[str]:
    """What the converter makes of the jobs; `fonts` is the folder of the typefaces that it may use."""
    if not jobs:
        return []
    try:
        done = subprocess.run(
            [sys.executable, "-P", __file__, fonts],
            input=json.dumps(jobs).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise NotDrawnError(f"Drawing took more than {PATIENCE} seconds. Choose fewer values.") from error
    except subprocess.CalledProcessError as error:
        last = (
            error.stderr.decode(errors="replace").strip().splitlines()
            or [f"it ended with {error.returncode}."]
        )[-1]
        raise NotDrawnError(f"A chart could not be drawn: {last[:200]}") from error
    answered: list[str] = json.loads(done.stdout)
    return answered


def main(fonts: str) -> None:
    """Answer the jobs on stdin."""
    import vl_convert

    vl_convert.register_font_directory(fonts)
    found = [
        b64encode(vl_convert.svg_to_png(job, scale=SCALE)).decode()
        if isinstance(job, str)
        else vl_convert.vegalite_to_svg(job, allowed_base_urls=[])
        for job in json.load(sys.stdin)
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
