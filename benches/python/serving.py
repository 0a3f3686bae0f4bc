"""What the two servers share: their command line, their end, and the word `ready`.

The bench holds their standard input open: they end when it closes, on SIGTERM, or at the limit.
"""

import argparse
import ctypes
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import contender

# Where a worker says that it has started: a pipe of the process that began them all.
_STARTED = "EAPD_BENCH_STARTED"
_PR_SET_PDEATHSIG = 1


def parser(description: str | None) -> argparse.ArgumentParser:
    """The command line of both: `DB PORT`."""
    made = contender.parser(description)
    made.add_argument("db", type=Path, help="the SQLite file of e-APD")
    made.add_argument("port", type=int)
    return made


def begin(made: argparse.ArgumentParser, arguments: argparse.Namespace, url: str, workers: int = 0) -> None:
    """Sees to the end of this process; says `ready` once `workers` called `worker_started` and `url` answers."""
    if not arguments.db.is_file():
        made.error(f"{arguments.db} is not a file")
    contender.bound(arguments.limit)
    started, write_end = os.pipe()
    os.environ[_STARTED] = f"/proc/{os.getpid()}/fd/{write_end}"
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    threading.Thread(target=_say_ready, args=(url, started, workers), daemon=True).start()


def worker_started() -> None:
    """Called by each worker once it has what it needs; it dies with the process that began it."""
    started = os.environ[_STARTED]
    if started.split("/")[2] != str(os.getpid()):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    with open(started, "wb") as pipe:
        pipe.write(b".")


def _end_with_stdin() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _say_ready(url: str, started: int, workers: int) -> None:
    while workers > 0:
        workers -= len(os.read(started, workers))
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.01)
    print("ready", flush=True)
