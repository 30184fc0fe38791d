"""The program in a process that may have few descriptors open."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

MOST = 512


def main(arguments: list[str]) -> int:
    """Run `app.py` with these arguments."""
    import app

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST, hard))
    return app.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
