"""Speed and scale, each measured against a named goal."""
