#!/usr/bin/env python3
"""Times what one would run instead of tally, on the same files and as many threads.

usage: peers.py ENGINE WORK SOURCE TARGET [--threads N]
       peers.py --list

  ENGINE   duckdb | clickhouse | polars   (pip install duckdb chdb polars)
  WORK     append   SOURCE is events.jsonl; writes JSON Lines in zstd under TARGET, one part a UTC day
           rollup   SOURCE is a folder of *.jsonl.zst; writes minute.parquet and day.parquet under TARGET,
                    every line counted, repeats too
           dedup    like rollup, but one event of each id: the highest revision, then the most tokens
  TARGET   a folder that does not exist yet
  --list   prints the engines that can be imported here, with versions, as JSON

Prints one JSON object: engine, version, work, seconds (without start-up and import) and
peak_memory_bytes of the whole process. One process for each measurement: run it again for the next. Exits with 69
when the engine is not installed, with 64 when the arguments are wrong.
"""
import argparse
import glob
import importlib
import json
import os
import resource
import sys
import time

MODULES = {"duckdb": "duckdb", "clickhouse": "chdb", "polars": "polars"}
WORKS = ["append", "rollup", "dedup"]
KEYS = ["provider", "service", "account", "model", "operation", "user"]
TEXTS = ["id"] + KEYS + ["session"]
COUNTERS = ["requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "images"]


class Usage(Exception):
    pass


def quoted(names, mark='"'):
    return ", ".join(mark + name + mark for name in names)


def literal(path):
    return "'" + path.replace("'", "''") + "'"


class DuckDB:
    def __init__(self, module, threads):
        self.db = module.connect()
        self.db.execute("SET threads = %d" % threads)
        self.version = module.__version__

    def lines(self, path):
        types = ["'%s': 'VARCHAR'" % name for name in TEXTS] + ["'time': 'TIMESTAMP'"]
        types += ["'%s': 'BIGINT'" % name for name in COUNTERS + ["revision"]]
        return "read_json(%s, format = 'newline_delimited', columns = {%s})" % (literal(path), ", ".join(types))

    def append(self, source, target):
        self.db.execute("COPY (SELECT *, time::DATE AS day FROM %s) TO %s "
                        "(FORMAT json, COMPRESSION zstd, PARTITION_BY (day))" % (self.lines(source), literal(target)))

    def fold(self, source, target, once):
        events = "SELECT * FROM " + self.lines(os.path.join(source, "**", "*.jsonl.zst"))
        if once:
            weight = " + ".join('coalesce("%s", 0)' % name for name in COUNTERS)
            events += (" QUALIFY row_number() OVER (PARTITION BY id ORDER BY coalesce(revision, 0) DESC, %s DESC) = 1"
                       % weight)
        self.db.execute("CREATE TEMP TABLE events AS " + events)
        sums = ", ".join('sum("%s") AS "%s"' % (name, name) for name in COUNTERS)
        for grain in ("minute", "day"):
            self.db.execute("COPY (SELECT date_trunc('%s', time) AS bucket, %s, %s FROM events GROUP BY ALL) TO %s "
                            "(FORMAT parquet, COMPRESSION zstd)"
                            % (grain, quoted(KEYS), sums, literal(os.path.join(target, grain + ".parquet"))))


class ClickHouse:
    def __init__(self, module, threads):
        self.query = module.query
        self.version = getattr(module, "engine_version", module.__version__)
        self.settings = (" SETTINGS max_threads = %d, engine_file_truncate_on_insert = 1, "
                         "date_time_input_format = 'best_effort'" % threads)

    def lines(self, path):
        types = ["`%s` String" % name for name in TEXTS] + ["`time` DateTime64(3, \\'UTC\\')"]
        types += ["`%s` Int64" % name for name in COUNTERS + ["revision"]]
        return "file(%s, 'JSONEachRow', '%s')" % (literal(path), ", ".join(types))

    def append(self, source, target):
        self.query("INSERT INTO FUNCTION file(%s, 'JSONEachRow') PARTITION BY toDate(time) SELECT * FROM %s%s"
                   % (literal(os.path.join(target, "{_partition_id}.jsonl.zst")), self.lines(source), self.settings))

    def fold(self, source, target, once):
        events = self.lines(os.path.join(source, "**", "*.jsonl.zst"))
        if once:
            names = ["time"] + KEYS + COUNTERS
            parts = ", ".join("x.%d AS `%s`" % (index + 1, name) for index, name in enumerate(names))
            events = ("(SELECT %s FROM (SELECT argMax(tuple(%s), tuple(revision, %s)) AS x FROM %s GROUP BY id))"
                      % (parts, quoted(names, "`"), " + ".join("`%s`" % name for name in COUNTERS), events))
        sums = ", ".join("sum(`%s`) AS `sum_%s`" % (name, name) for name in COUNTERS)
        for grain, bucket in (("minute", "toStartOfMinute(time)"), ("day", "toDate(time)")):
            self.query("INSERT INTO FUNCTION file(%s, 'Parquet') SELECT %s AS bucket, %s, %s FROM %s GROUP BY ALL%s"
                       % (literal(os.path.join(target, grain + ".parquet")), bucket, quoted(KEYS, "`"), sums, events,
                          self.settings))


class Polars:
    def __init__(self, module, threads):
        self.pl = module
        self.version = module.__version__

    def lines(self, paths):
        pl = self.pl
        schema = {name: pl.String for name in TEXTS}
        schema.update(time=pl.String, **{name: pl.Int64 for name in COUNTERS + ["revision"]})
        time_column = pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="ms")
        return pl.scan_ndjson(paths, schema=schema).with_columns(time_column)

    def append(self, source, target):
        pl = self.pl
        frame = self.lines([source]).with_columns(pl.col("time").dt.date().alias("day")).collect(engine="streaming")
        for (day,), part in frame.partition_by("day", as_dict=True, include_key=False).items():
            part.write_ndjson(os.path.join(target, "%s.jsonl.zst" % day), compression="zstd")

    def fold(self, source, target, once):
        pl = self.pl
        frame = self.lines(sorted(glob.glob(os.path.join(source, "**", "*.jsonl.zst"), recursive=True)))
        if once:
            weight = pl.sum_horizontal([pl.col(name).fill_null(0) for name in COUNTERS])
            frame = (frame.with_columns(weight.alias("weight"), pl.col("revision").fill_null(0))
                     .sort(["revision", "weight"], descending=True).unique("id", keep="first"))
        for grain, every in (("minute", "1m"), ("day", "1d")):
            (frame.group_by(pl.col("time").dt.truncate(every), *KEYS).agg([pl.col(name).sum() for name in COUNTERS])
             .collect(engine="streaming").write_parquet(os.path.join(target, grain + ".parquet"), compression="zstd"))


ENGINES = {"duckdb": DuckDB, "clickhouse": ClickHouse, "polars": Polars}


def peak_memory_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, Linux KiB


def installed():
    """Engine and version of each peer that can be imported, without importing all into one process."""
    from importlib import metadata, util
    return {engine: metadata.version(module) for engine, module in MODULES.items() if util.find_spec(module)}


def measure(engine, work, source, target, threads):
    if not os.path.exists(source):
        raise Usage("%s: no such file or folder" % source)
    if os.path.exists(target):
        raise Usage("%s: exists already; name a new folder" % target)
    os.environ["POLARS_MAX_THREADS"] = str(threads)  # read on import
    module = importlib.import_module(MODULES[engine])
    os.makedirs(target)
    source, target = os.path.abspath(source), os.path.abspath(target)
    start = time.perf_counter()
    peer = ENGINES[engine](module, threads)
    if work == "append":
        peer.append(source, target)
    else:
        peer.fold(source, target, once=work == "dedup")
    seconds = time.perf_counter() - start
    return {"engine": engine, "version": peer.version, "work": work, "seconds": round(seconds, 4),
            "peak_memory_bytes": peak_memory_bytes()}


class ArgumentParser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, "peers.py: %s\nusage: %s\n" % (message, self.usage))


def main():
    if sys.argv[1:] == ["--list"]:
        print(json.dumps(installed()))
        return 0
    parser = ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="peers.py ENGINE WORK SOURCE TARGET [--threads N] | --list")
    parser.add_argument("engine", choices=sorted(MODULES), help=argparse.SUPPRESS)
    parser.add_argument("work", choices=WORKS, help=argparse.SUPPRESS)
    parser.add_argument("source", help=argparse.SUPPRESS)
    parser.add_argument("target", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        print(json.dumps(measure(**vars(arguments))))
    except Usage as error:
        print("peers.py: %s" % error, file=sys.stderr)
        return 64
    except ImportError:
        print("peers.py: %s is not installed here\nInstall it with: %s -m pip install %s"
              % (arguments.engine, sys.executable, MODULES[arguments.engine]), file=sys.stderr)
        return 69
    return 0


if __name__ == "__main__":
    sys.exit(main())
