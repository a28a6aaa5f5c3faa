"""What is run, and beside what. Every pair runs back to back, so that a slow minute of the machine hits both."""
import json
import os
import shutil
import subprocess
import sys
from typing import Callable, NamedTuple

from process import (DAYS, FIRST_DAY, HERE, LAST_DAY, MONTH, ROOT, Failed, Sample, environment, put_aside, remove,
                     run, workload)

PEERS = {"duckdb": "DuckDB", "clickhouse": "ClickHouse", "polars": "Polars"}
PACKAGES = {"duckdb": "duckdb", "clickhouse": "chdb", "polars": "polars"}
YEARS_FIRST_DAY, YEARS_DAYS = "2023-11-01", 1096
FEW_DAYS, MANY_DAYS = 3, 30  # ten times as many; both begin with a day for each of two cores
LOGS_MB, LOGS_FILES = 1000, 10000  # of coding agents
QUICK_RUNS = 20  # of what takes milliseconds, in every round


class Work(NamedTuple):
    name: str  # of the work
    by: str  # who does it
    run: Callable[[], Sample]


def find_python():
    for path in (os.environ.get("TALLY_PYTHON"), os.path.join(ROOT, ".build", "venv", "bin", "python")):
        if path and os.access(path, os.X_OK):
            return path
    return sys.executable


def find_peers(python):
    """The engines that Python has."""
    listed = subprocess.run([python, os.path.join(HERE, "peers.py"), "--list"], stdout=subprocess.PIPE)
    return list(json.loads(listed.stdout)) if listed.returncode == 0 else []


class Bench:
    def __init__(self, tally, events, folder, python, peers):
        self.tally, self.events, self.folder, self.python, self.peers = tally, events, folder, python, peers
        self.environment = environment(folder)
        os.makedirs(self.environment["HOME"], exist_ok=True)
        self.store, self.few, self.many, self.years, self.single = (
            self.path(name) for name in ("store", "store-few", "store-many", "store-years", "store-single"))
        self.samples, self.pairs, self.failures, self.versions = {}, {}, {}, {}
        self.inside = {}  # the engines' own seconds, without Python and import
        self.source = workload(folder, events)

    def path(self, name):
        return os.path.join(self.folder, name)

    def discard(self, *paths):
        put_aside(self.path("aside"), *paths)

    def clear(self):
        remove(self.path("aside"), self.path("peer"))

    # Running and recording

    def do(self, work):
        sample = work.run()
        self.samples.setdefault((work.name, work.by), []).append(sample)
        return sample

    def beside(self, mine, theirs, turn):
        """Runs both, in turns which goes first. A peer that fails is left out from then on, and said."""
        if (theirs.name, theirs.by) in self.failures:
            return
        taken = {}
        for work in (mine, theirs) if turn % 2 == 0 else (theirs, mine):
            try:
                taken[work] = self.do(work)
            except Failed as error:
                if work.by not in PEERS.values():
                    raise
                self.failures[work.name, work.by] = str(error)
                return
        self.pairs.setdefault(((mine.name, mine.by), (theirs.name, theirs.by)), []).append(
            (taken[mine], taken[theirs]))

    def time(self, *command, source=None, target=os.devnull):
        os.sync()  # what others left to be written is not this command's
        return run(list(command), self.environment, source, target)[0]

    def command(self, name, *arguments):
        return Work(name, "tally", lambda: self.time(self.tally, *arguments))

    def peer(self, engine, name):
        def measure():
            target, output = self.path("peer"), self.path("peer.json")
            source = self.source if name == "append" else os.path.join(self.store, "segments")
            self.discard(target)
            taken = self.time(self.python, os.path.join(HERE, "peers.py"), engine, name, source, target,
                              target=output)
            with open(output, encoding="utf-8") as file:
                result = json.load(file)
            self.versions[PEERS[engine]] = result["version"]
            self.inside.setdefault("%s %s" % (PEERS[engine], name), []).append(result["seconds"])
            return Sample(taken.seconds, result["peak_memory_bytes"])
        return Work(name, PEERS[engine], measure)

    # The stores

    def prepare(self):
        """What is made once: three years of rolled up days, and something to add one event to."""
        self.clear()
        remove(self.years, self.single, self.path("single.db"))
        years = workload(self.folder, 10 * YEARS_DAYS, YEARS_FIRST_DAY, YEARS_DAYS)
        self.time(self.tally, "append", "--store", self.years, source=years)
        self.time(self.tally, "rollup", "--store", self.years)
        self.time(self.tally, *self.one_event())
        if shutil.which("sqlite3"):
            self.time("sqlite3", self.path("single.db"), "CREATE TABLE events (time TEXT, service TEXT, model TEXT, "
                      "user TEXT, input_tokens INTEGER, output_tokens INTEGER)")

    def copy_days(self, days, store):
        """A store of the first days: copying segments is all it takes."""
        self.discard(store)
        folders = sorted(os.listdir(os.path.join(self.store, "segments")))
        if len(folders) < DAYS:
            raise Failed("%s: %d days instead of %d" % (self.store, len(folders), DAYS))
        for name in folders[:days]:
            shutil.copytree(os.path.join(self.store, "segments", name), os.path.join(store, "segments", name))

    def segments(self, store):
        return sorted(os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(store, "segments"))
                      for name in names if name.endswith(".jsonl.zst"))

    def size(self, store):
        return sum(os.path.getsize(path) for path in self.segments(store))

    # The works

    def round(self, number):
        self.append(number)
        self.copy_days(FEW_DAYS, self.few)
        self.copy_days(MANY_DAYS, self.many)
        self.rollup(number)
        self.many_days(number)
        self.reports()
        self.imports()
        self.adds(number)
        if number == 0:
            self.seal()

    def append(self, turn):
        def append():
            self.discard(self.store)
            return self.time(self.tally, "append", "--store", self.store, source=self.source)

        def pack():
            packed = self.path("events.zst")
            remove(packed)
            sample = self.time("zstd", "-q", "-1", "-T2", "-c", source=self.source, target=packed)
            remove(packed)
            return sample

        mine = Work("append", "tally", append)
        for engine in self.peers:
            self.beside(mine, self.peer(engine, "append"), turn)
        self.beside(mine, Work("append", "zstd -1 -T2", pack), turn)

    def fresh_rollup(self, name, store):
        def rollup():
            self.discard(os.path.join(store, "rollups"), os.path.join(store, "local"))
            return self.time(self.tally, "rollup", "--store", store)
        return Work(name, "tally", rollup)

    def rollup(self, turn):
        mine = self.fresh_rollup("rollup", self.store)
        for name in ("rollup", "dedup"):
            for engine in self.peers:
                self.beside(mine, self.peer(engine, name), turn)
        unpack = Work("rollup", "zstd -dc", lambda: self.time("zstd", "-q", "-dc", *self.segments(self.store)))
        self.beside(mine, unpack, turn)

    def many_days(self, turn):
        many = self.fresh_rollup("rollup of many days", self.many)
        few = self.fresh_rollup("rollup of few days", self.few)
        for repeat in range(3):
            self.beside(many, few, turn + repeat)

    def reports(self):
        store = ["--store", self.store]
        span = ["--since", FIRST_DAY, "--until", LAST_DAY, "--format", "json"]
        for _ in range(QUICK_RUNS):
            self.do(self.command("report month", "report", "month", MONTH, *store, "--output", self.path("reports")))
            self.do(self.command("report models", "report", "models", *store, *span, "--timezone", "UTC"))
            self.do(self.command("report in a zone", "report", "daily", *store, *span, "--timezone", "Asia/Kolkata"))
            self.do(self.command("nothing changed", "rollup", "--store", self.years))
            # As of the month's last day: the generated events are of no running month.
            line = ["statusline", *store, "--as-of", LAST_DAY]
            remembered = os.path.join(self.store, "local", "statusline")
            if os.path.exists(remembered):
                os.remove(remembered)
            self.do(self.command("status line anew", *line))
            self.do(self.command("status line", *line))

    def one_event(self):
        return ["add", "--store", self.single, "--service", "perplexity", "--model", "sonar-pro", "--user",
                "ann@example.com", "--input-tokens", "1200", "--output-tokens", "300"]

    def imports(self):
        """The logs of an agent: all of them, checked against what their generator counted, and then nothing new."""
        home, store = self.path("agents-%d-%d" % (LOGS_MB, LOGS_FILES)), self.path("store-agents")
        counted = home + ".json"
        if not os.path.exists(counted):
            remove(home)
            print("Generating %d MB of agents' logs into %s" % (LOGS_MB, home), file=sys.stderr)
            made = subprocess.run([sys.executable, os.path.join(HERE, "agent_logs.py"), home, str(LOGS_MB), "--files",
                                   str(LOGS_FILES)], stdout=subprocess.PIPE, check=True).stdout
            with open(counted, "wb") as file:
                file.write(made)
        mine = self.environment
        self.environment = dict(mine, HOME=home)
        try:
            remove(store)
            self.do(self.command("import", "import", "--store", store))
            for _ in range(QUICK_RUNS):
                self.do(self.command("import nothing new", "import", "--store", store))
            self.check_import(store, counted)
        finally:
            self.environment = mine

    def check_import(self, store, counted):
        said = self.path("agents.json")
        self.time(self.tally, "report", "models", "--store", store, "--since", "2026-10-01", "--until", "2026-10-31",
                  "--format", "json", target=said)
        with open(said, encoding="utf-8") as ours, open(counted, encoding="utf-8") as theirs:
            total = json.load(ours)["total"]
            wrong = [name for name, count in json.load(theirs).items() if total[name] != count]
        if wrong:
            raise Failed("import: %s are not what the logs hold" % ", ".join(wrong))

    def adds(self, turn):
        insert = Work("add", "sqlite3", lambda: self.time(
            "sqlite3", self.path("single.db"), "PRAGMA synchronous = FULL; INSERT INTO events VALUES "
            "('2026-11-20T10:11:12.000Z', 'perplexity', 'sonar-pro', 'ann@example.com', 1200, 300)"))
        add, start = self.command("add", *self.one_event()), self.command("start-up", "--version")
        for repeat in range(QUICK_RUNS):
            if shutil.which("sqlite3"):
                self.beside(add, insert, turn + repeat)
            else:
                self.do(add)
            self.beside(start, Work("start-up", "true", lambda: self.time("true")), turn + repeat)

    def seal(self):
        """Once a run: zstd -19 takes its time, and sizes do not vary."""
        plain, events = [], 0
        for number, segment in enumerate(self.segments(self.few)):
            plain.append(self.path("day-%d.jsonl" % number))
            self.time("zstd", "-q", "-dc", segment, target=plain[-1])
            with open(plain[-1], "rb") as file:
                events += sum(1 for _ in file)

        def seal():
            sample = self.time(self.tally, "rollup", "--seal", "--store", self.few)
            return sample._replace(size=self.size(self.few) / events)

        def pack():
            sample = self.time("zstd", "-q", "-f", "-19", "-T1", *plain)
            packed = [path + ".zst" for path in plain]
            sample = sample._replace(size=sum(map(os.path.getsize, packed)) / events)
            remove(*packed)
            return sample

        before = self.size(self.few)
        self.time(self.tally, "rollup", "--store", self.few)
        self.beside(Work("seal", "tally", seal), Work("seal", "zstd -19", pack), 0)
        if self.size(self.few) >= before:
            raise Failed("%s: tally rollup --seal made nothing smaller" % self.few)
        remove(*plain)
