"""`python -m sample_company --out DIR`: writes the sample company's raw data."""

import argparse
import sys
from pathlib import Path

from sample_company.company import write_company
from sample_company.parameters import DEFAULT_SEED
from sample_company.writer import FORMATS


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 up, got {text}")
    return number


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 up, got {text}")
    return number


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sample_company",
        description="Write Larkspur Home's raw data: five source systems, 24 months, and the answer key.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to fill")
    parser.add_argument("--scale", type=_positive, default=1, metavar="N", help="in 3,000 customers")
    parser.add_argument(
        "--seed", type=_not_negative, default=DEFAULT_SEED, metavar="N", help="another company"
    )
    parser.add_argument("--format", choices=sorted(FORMATS), default="csv", help="default csv")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Run the command; the exit code."""
    arguments = _arguments(given)
    try:
        rows = write_company(arguments.out, arguments.scale, arguments.seed, arguments.format)
    except OSError as error:
        reason = error.strerror or error
        print(f"error: cannot write to {arguments.out}: {reason}; choose another --out", file=sys.stderr)
        return 1
    print(f"{rows:,} rows in {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
