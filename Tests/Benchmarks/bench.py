#!/usr/bin/env python3
"""Times tally on a generated workload, beside zstd and whichever peers are installed.

usage: bench.py TALLY [EVENTS] [--rounds N] [--work DIR] [--quick]

  TALLY     the release binary (`make bench` builds it and passes it)
  EVENTS    size of the workload, default 1000000 (also $EVENTS)
  --rounds  how often everything runs, default 3 (also $ROUNDS): medians are shown, with the extremes
  --work    where workload, stores and results go, default .build/bench; the workload is kept for the next time
  --quick   tally and zstd only

What runs in a round, on a fresh store:

  append          tally append < events.jsonl       beside zstd -1 -T2 of the same file
  rollup          tally rollup                      beside zstd -dc of the segments it reads
  report daily    tally report daily, whole month   whole processes, start to exit
  report models   tally report models
  peers           append, rollup and dedup in DuckDB, ClickHouse, Polars on the same files, two threads;
                  tally's rollup counts each event once, so `dedup` is the like of it

Each pair runs back to back, in turns which goes first, so that a slow minute of the machine hits both. Peers are
looked for in $TALLY_PYTHON, else .build/venv/bin/python, else this Python; nothing is installed. Peers report
their time without start-up; tally's is the whole process, with its syncs to disk. Prints a table and writes DIR/result.json.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEED, FIRST_DAY, LAST_DAY, DAYS = 7, "2026-10-01", "2026-10-31", 31
PEERS = {"duckdb": "DuckDB", "clickhouse": "ClickHouse", "polars": "Polars"}
MEGABYTE = 1_000_000
RANGE = ["--since", FIRST_DAY, "--until", LAST_DAY, "--timezone", "UTC", "--format", "json"]


class Failed(Exception):
    """Something that has to be mended before there is anything to measure."""


def run(command, environment=None, source=None, target=os.devnull):
    """Runs a command; returns seconds and peak memory in bytes of that process alone."""
    with open(source or os.devnull, "rb") as stdin, open(target, "wb") as stdout, \
            open(os.path.join(WORK, "stderr"), "w+b") as stderr:
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
        raise Failed("%s: exit code %d\n%s" % (" ".join(command), code, "\n".join(said.splitlines()[-5:])))
    return seconds, usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024


def workload(events):
    """Path of the generated events, made once for each size and version of the generator."""
    generator = os.path.join(HERE, "workload.py")
    path = os.path.join(WORK, "events-%d.jsonl" % events)
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(generator):
        print("Generating %s events into %s" % (format(events, ","), path), file=sys.stderr)
        run([sys.executable, generator, str(events), str(SEED), FIRST_DAY, str(DAYS)], target=path + ".new")
        os.replace(path + ".new", path)
    with open(path, "rb") as file:  # warm: everybody reads it from memory
        while file.read(1 << 20):
            pass
    return path


def find_python():
    for path in (os.environ.get("TALLY_PYTHON"), os.path.join(ROOT, ".build", "venv", "bin", "python")):
        if path and os.access(path, os.X_OK):
            return path
    return sys.executable


def find_peers(python):
    listed = subprocess.run([python, os.path.join(HERE, "peers.py"), "--list"], stdout=subprocess.PIPE)
    return json.loads(listed.stdout) if listed.returncode == 0 else {}


class Bench:
    def __init__(self, tally, events, python, peers):
        self.tally, self.events, self.python, self.peers = tally, events, python, peers
        self.source = workload(events)
        self.store = os.path.join(WORK, "store")
        self.samples = {}
        # Nobody's own configuration, writer name or zone gets in.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("TALLY_")}
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            self.environment[name] = os.path.join(WORK, "home", name)
        self.environment["TZ"] = "UTC"

    def record(self, name, seconds, memory):
        self.samples.setdefault(name, []).append((seconds, memory))

    def time(self, name, command, **where):
        self.record(name, *run(command, environment=self.environment, **where))

    def time_tally(self, name, *arguments, **where):
        self.time(name, [self.tally] + list(arguments), **where)

    def time_peer(self, engine, work, source):
        target = os.path.join(WORK, "peer")
        shutil.rmtree(target, ignore_errors=True)
        output = os.path.join(WORK, "peer.json")
        run([self.python, os.path.join(HERE, "peers.py"), engine, work, source, target], target=output)
        with open(output, encoding="utf-8") as file:
            result = json.load(file)
        self.record("%s %s" % (engine, work), result["seconds"], result["peak_memory_bytes"])
        shutil.rmtree(target, ignore_errors=True)

    def segments(self):
        found = sorted(os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(self.store, "segments"))
                       for name in names if name.endswith(".jsonl.zst"))
        if not found:
            raise Failed("%s: tally append left no segments" % self.store)
        return found

    def round(self, number):
        shutil.rmtree(self.store, ignore_errors=True)
        packed = os.path.join(WORK, "events.zst")
        if os.path.exists(packed):
            os.unlink(packed)
        append = [
            lambda: self.time_tally("tally append", "append", "--store", self.store, source=self.source),
            lambda: self.time("zstd -1 -T2", ["zstd", "-q", "-1", "-T2", "-c"], source=self.source, target=packed),
        ]
        in_turns(append, number)
        os.unlink(packed)
        segments = self.segments()
        in_turns([
            lambda: self.time_tally("tally rollup", "rollup", "--store", self.store),
            lambda: self.time("zstd -dc", ["zstd", "-q", "-dc"] + segments),
        ], number)
        in_turns([
            lambda: self.time_tally("tally report daily", "report", "daily", "--store", self.store, *RANGE),
            lambda: self.time_tally("tally report models", "report", "models", "--store", self.store, *RANGE),
        ], number)
        for engine in self.peers:
            self.time_peer(engine, "append", self.source)
            self.time_peer(engine, "rollup", os.path.join(self.store, "segments"))
            self.time_peer(engine, "dedup", os.path.join(self.store, "segments"))

    def result(self, floor, rounds):
        def of(name):
            seconds = [each[0] for each in self.samples[name]]
            middle = statistics.median(seconds)
            return {"seconds": round(middle, 4), "seconds_min": round(min(seconds), 4),
                    "seconds_max": round(max(seconds), 4), "events_per_second": round(self.events / middle),
                    "peak_memory_bytes": max(each[1] for each in self.samples[name])}

        works = {name: of(name) for name in self.samples}
        ratios = {}
        for mine, theirs in comparisons(self.peers):
            if mine in works and theirs in works:
                pairs = zip(self.samples[mine], self.samples[theirs])
                ratios["%s / %s" % (mine, theirs)] = round(statistics.median(a[0] / b[0] for a, b in pairs), 3)
        size = sum(os.path.getsize(path) for path in self.segments())
        return {"events": self.events, "input_bytes": os.path.getsize(self.source), "segment_bytes": size,
                "rounds": rounds, "cores": os.cpu_count(), "machine": platform.machine(),
                "system": platform.system(), "peers": self.peers, "peak_memory_floor_bytes": floor,
                "works": works, "ratios": ratios}


def in_turns(steps, number):
    for step in steps if number % 2 == 0 else reversed(steps):
        step()


def comparisons(peers):
    yield "tally append", "zstd -1 -T2"
    yield "tally rollup", "zstd -dc"
    for engine in peers:
        yield "tally append", engine + " append"
        yield "tally rollup", engine + " dedup"
        yield "tally rollup", engine + " rollup"


def table(result):
    """The result as aligned text."""
    header = ["", "seconds", "min - max", "events/s", "peak MB"]
    rows = []
    for name, work in result["works"].items():
        first, _, rest = name.partition(" ")
        memory = work["peak_memory_bytes"]
        shown = "%.0f" % (memory / MEGABYTE)
        if memory <= result["peak_memory_floor_bytes"]:
            shown = "<= " + shown  # a child starts with the peak of the process that made it
        # A report reads rollups: how many events lie behind them says nothing about it.
        speed = "" if "report" in name else format(work["events_per_second"], ",")
        rows.append([(PEERS.get(first, first) + " " + rest), "%.3f" % work["seconds"],
                     "%.3f - %.3f" % (work["seconds_min"], work["seconds_max"]), speed, shown])
    widths = [max(len(row[column]) for row in [header] + rows) for column in range(len(header))]
    lines = ["  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                       for column, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in [header] + rows]
    lines.append("")
    lines.append("Time ratios, medians over the rounds (below 1: tally is faster)")
    width = max(len(name) for name in result["ratios"])
    lines += ["  %s  %6.2f" % (name.ljust(width), ratio) for name, ratio in result["ratios"].items()]
    return "\n".join(lines)


def positive(text):
    value = int(text.replace("_", "").replace(",", ""))
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1, got %s" % text)
    return value


class ArgumentParser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, "bench.py: %s\nusage: %s\n" % (message, self.usage))


def main():
    global WORK
    parser = ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                            usage="bench.py TALLY [EVENTS] [--rounds N] [--work DIR] [--quick]")
    parser.add_argument("tally", help=argparse.SUPPRESS)
    parser.add_argument("events", nargs="?", type=positive, default=os.environ.get("EVENTS") or "1000000",
                        help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=positive, default=os.environ.get("ROUNDS") or "3", help=argparse.SUPPRESS)
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "bench"), help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    WORK = os.path.abspath(arguments.work)
    try:
        tally = os.path.abspath(arguments.tally)
        if not os.access(tally, os.X_OK):
            raise Failed("%s: no such program\nBuild it with: swift build -c release --product tally" % tally)
        if not shutil.which("zstd"):
            raise Failed("zstd: not found\nInstall it (apt-get install zstd, brew install zstd): it is what we compare with")
        os.makedirs(WORK, exist_ok=True)
        python = find_python()
        peers = {} if arguments.quick else find_peers(python)
        missing = [] if arguments.quick else [PEERS[engine] for engine in PEERS if engine not in peers]
        bench = Bench(tally, arguments.events, python, peers)
        floor = run([shutil.which("true") or "true"])[1]
        for number in range(arguments.rounds):
            print("Round %d of %d" % (number + 1, arguments.rounds), file=sys.stderr)
            bench.round(number)
        result = bench.result(floor, arguments.rounds)
    except Failed as error:
        print("bench.py: %s" % error, file=sys.stderr)
        return 69
    path = os.path.join(WORK, "result.json")
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")
    os.replace(path + ".new", path)
    print("%s events, %.0f MB in, %.0f MB of segments, %d rounds, %d cores\n" % (
        format(result["events"], ","), result["input_bytes"] / MEGABYTE, result["segment_bytes"] / MEGABYTE,
        result["rounds"], result["cores"]))
    print(table(result))
    if missing:
        print("\nNot installed, so not compared: %s\nTo compare: python3 -m venv .build/venv && .build/venv/bin/pip "
              "install duckdb chdb polars" % ", ".join(missing))
    print("\nWritten to %s" % path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
