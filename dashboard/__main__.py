"""Serve the dashboard: `python -m dashboard [--port N] [--address A]`, from the project's root."""

import argparse
import os
import socket
import sys
import threading
from pathlib import Path

import fpdf  # noqa: F401  It keeps the frames of its first import: those of a page would hold its version open.
from streamlit.web import cli

from dashboard import metrics
from dashboard.ahead import keep_ahead

SERVER = Path(__file__).with_name("server.py")
PORT = 8501


def port_is_free(address: str, port: int) -> bool:
    """Whether a server may listen there."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if os.name != "nt":  # Under Windows the option lets two servers share a port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def arguments(command: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Serve the dashboard.")
    parser.add_argument("--port", type=int, default=PORT, help=f"the port to listen on (default: {PORT})")
    parser.add_argument(
        "--address",
        default="localhost",
        help="where to listen (default: localhost, this machine only; 0.0.0.0: every network it is in)",
    )
    return parser.parse_args(command)


def main(command: list[str]) -> None:
    """Serve until interrupted. Ends with a message where the port is taken."""
    chosen = arguments(command)
    if not port_is_free(chosen.address, chosen.port):
        sys.exit(
            f"Port {chosen.port} on {chosen.address} is in use or not allowed. Choose another: "
            f"`python -m dashboard --port {chosen.port + 1}` (or `make dashboard PORT={chosen.port + 1}`)."
        )
    threading.Thread(target=keep_ahead, args=(metrics.warehouse(),), daemon=True).start()
    cli.main(
        ["run", str(SERVER), f"--server.port={chosen.port}", f"--server.address={chosen.address}"],
        prog_name="dashboard",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
