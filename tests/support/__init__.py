"""What several tests use: domains, oracles, workloads, and commands that print what is claimed."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
"""The root of the repository."""
