#!/usr/bin/env python3
"""Times tally on a generated workload, beside the engines one would run instead, and says which goals it reaches.

usage: bench.py TALLY [EVENTS] [--rounds N] [--work DIR] [--quick]
       bench.py --markdown RESULT
       bench.py --readme README --markdown RESULT

  TALLY       the release binary (`make bench` builds it and passes it)
  EVENTS      size of the workload, default 3000000 (also $EVENTS)
  --rounds    how often everything runs, default 3 (also $ROUNDS): medians are shown, with the extremes
  --work      where workload, stores and results go, default .build/bench; a folder on a real disk, because syncs are
              part of what is timed. The workload is kept for the next time
  --quick     without DuckDB, ClickHouse and Polars
  --markdown  prints the table of an earlier result.json
  --readme    puts it into the README, between its marks (`make bench-readme`)

Each pair runs back to back, in turns which goes first, so that a slow minute of the machine hits both; a ratio is
the median of the ratios of pairs. All are timed as whole processes, tally with its syncs to disk; what the engines
take without Python and import is in result.json too. Engines are looked for in $TALLY_PYTHON, else
.build/venv/bin/python, else this Python. Nothing is installed: what is missing is said. Prints a table and writes
DIR/result.json. `process.py` runs things, `measures.py` has what is run, `goals.py` the goals, `table.py` the output.
"""
import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys

import goals
import table
from measures import PACKAGES, PEERS, Bench, find_peers, find_python
from process import ROOT, Failed, program, run

USAGE = "bench.py TALLY [EVENTS] [--rounds N] [--work DIR] [--quick]\n       bench.py [--readme README] --markdown RESULT"


def first_line(*command):
    """What a tool says of its version, without its name."""
    try:
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    except OSError:
        return None
    found = re.search(r"\d+\.\d+(\.\d+)?", said)
    return found.group() if found else None


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, AttributeError, KeyError):
        return "%s %s" % (platform.system(), platform.release())


def file_system(folder):
    said = subprocess.run(["stat", "-f", "-c", "%T", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return said.stdout.decode().strip()  # nothing where stat is another one


def result_of(bench, floor, rounds):
    versions = {"tally": first_line(bench.tally, "--version"), "Swift": first_line("swift", "--version"),
                "zstd": first_line("zstd", "--version"), "sqlite3": first_line("sqlite3", "--version")}
    versions.update(bench.versions)
    works = [{"work": work, "by": by, "runs": [sample._asdict() for sample in taken]}
             for (work, by), taken in bench.samples.items()]
    return {"events": bench.events, "input_bytes": os.path.getsize(bench.source), "segment_bytes":
            bench.size(bench.store), "rounds": rounds, "cores": os.cpu_count(), "processor": processor(),
            "system": system(), "engines_own_seconds": bench.inside,
            "versions": {name: version for name, version in versions.items() if version},
            "peak_memory_floor_bytes": floor, "rows": goals.rows(bench.samples, bench.pairs), "works": works}


def measure(arguments):
    folder = os.path.abspath(arguments.work)
    tally = program(arguments.tally)
    if not shutil.which("zstd"):
        raise Failed("zstd: not found\nInstall it (apt-get install zstd, brew install zstd): it is what we compare with")
    os.makedirs(folder, exist_ok=True)
    if file_system(folder) in ("tmpfs", "ramfs"):
        print("bench.py: %s is in memory: syncs cost nothing there; name a disk with --work" % folder, file=sys.stderr)
    python = find_python()
    peers = [] if arguments.quick else find_peers(python)
    missing = [] if arguments.quick else [engine for engine in PEERS if engine not in peers]
    bench = Bench(tally, arguments.events, folder, python, peers)
    bench.prepare()
    floor = run([shutil.which("true") or "true"])[0].memory
    for number in range(arguments.rounds):
        print("Round %d of %d" % (number + 1, arguments.rounds), file=sys.stderr)
        bench.round(number)
    bench.clear()
    result = result_of(bench, floor, arguments.rounds)
    path = os.path.join(folder, "result.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")
    os.replace(path + ".new", path)
    print(table.markdown(result), flush=True)
    for (work, by), said in bench.failures.items():
        print("\n%s could not do %s, so that is not compared:\n%s" % (by, work, said))
    if missing:
        print("\nNot installed, so not compared: %s\nTo compare: python3 -m venv .build/venv && .build/venv/bin/pip "
              "install %s" % (", ".join(PEERS[engine] for engine in missing),
                              " ".join(PACKAGES[engine] for engine in missing)))
    if not shutil.which("sqlite3"):
        print("\nNot installed, so not compared: sqlite3\nTo compare: apt-get install sqlite3, brew install sqlite")
    print("\nWritten to %s" % path)


def show(path, readme):
    try:
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        if not readme:
            print(table.markdown(result))
            return
        with open(readme, encoding="utf-8") as file:
            text = table.put_into(file.read(), result)
    except OSError as error:
        raise Failed("%s: %s\nRun `make bench` first" % (error.filename, error.strerror)) from None
    except (ValueError, KeyError) as error:
        raise Failed("%s: %s" % (readme or path, error)) from None
    with open(readme, "w", encoding="utf-8") as file:
        file.write(text)


def positive(text):
    value = int(text.replace("_", "").replace(",", ""))
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1, got %s" % text)
    return value


class ArgumentParser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, "bench.py: %s\nusage: %s\n" % (message, self.usage))


def main():
    parser = ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=USAGE)
    parser.add_argument("tally", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("events", nargs="?", type=positive, default=os.environ.get("EVENTS") or "3000000",
                        help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=positive, default=os.environ.get("ROUNDS") or "3", help=argparse.SUPPRESS)
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "bench"), help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--markdown", metavar="RESULT", help=argparse.SUPPRESS)
    parser.add_argument("--readme", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.markdown and (arguments.readme or not arguments.tally):
        parser.error("TALLY is missing, or the result to show")
    try:
        if arguments.markdown:
            show(arguments.markdown, arguments.readme)
        else:
            measure(arguments)
    except Failed as error:
        print("bench.py: %s" % error, file=sys.stderr)
        return 69
    return 0


if __name__ == "__main__":
    sys.exit(main())
