"""What measuring and counting share: running a process, the workload, an environment that is nobody's own."""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEED, MONTH, FIRST_DAY, LAST_DAY, DAYS = 7, "2026-10", "2026-10-01", "2026-10-31", 31


class Failed(Exception):
    """Something that has to be mended before there is anything to measure."""


class Sample(NamedTuple):
    seconds: float
    memory: int  # peak of the process, bytes
    size: float = 0  # of what was written, bytes an event, where that is the question


def run(command, environment=None, source=None, target=os.devnull):
    """Runs a command from start to exit; returns a sample, and what it said on standard error."""
    with open(source or os.devnull, "rb") as stdin, open(target, "wb") as stdout, \
            tempfile.TemporaryFile() as stderr:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr, env=environment)
        except OSError as error:
            raise Failed("%s: cannot be run: %s" % (command[0], error.strerror)) from None
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        code = process.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        stderr.seek(0)
        said = stderr.read().decode("utf-8", "replace").strip()
    if code != 0:
        shown = " ".join(command)
        raise Failed("%s: exit code %d\n%s" % (shown[:300], code, "\n".join(said.splitlines()[-5:])))
    return Sample(seconds, usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024), said


def program(path):
    path = os.path.abspath(path)
    if not os.access(path, os.X_OK):
        raise Failed("%s: no such program\nBuild it with: make build" % path)
    return path


def environment(folder):
    """Nobody's own configuration, writer name or zone gets in."""
    made = {name: value for name, value in os.environ.items() if not name.startswith("TALLY_")}
    home = os.path.join(folder, "home")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        made[name] = os.path.join(home, name)
    made.update(HOME=home, TZ="UTC")
    return made


def workload(folder, events, first_day=FIRST_DAY, days=DAYS):
    """Path of the generated events, made once for each size and version of the generator."""
    generator = os.path.join(HERE, "workload.py")
    path = os.path.join(folder, "events-%d-%s-%d.jsonl" % (events, first_day, days))
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(generator):
        print("Generating %s events into %s" % (format(events, ","), path), file=sys.stderr)
        run([sys.executable, generator, str(events), str(SEED), first_day, str(days)], target=path + ".new")
        os.replace(path + ".new", path)
    with open(path, "rb") as file:  # warm: everybody reads it from memory
        while file.read(1 << 20):
            pass
    return path


def put_aside(folder, *paths):
    """Out of the way until the next run: some file systems make files slowly just after others were deleted."""
    os.makedirs(folder, exist_ok=True)
    for path in paths:
        if os.path.exists(path):
            os.rename(path, os.path.join(tempfile.mkdtemp(dir=folder), "old"))


def remove(*paths):
    for path in paths:
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.unlink(path)
