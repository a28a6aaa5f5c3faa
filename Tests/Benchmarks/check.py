#!/usr/bin/env python3
"""Counts instructions of fixed inputs and compares them with what was recorded: a guard that no busy machine upsets.

usage: check.py TALLY [--record] [--work DIR]

  TALLY     the release binary (`make bench-check` builds it and passes it)
  --record  write the counts of this run to instructions.json, for this kind of machine, instead of comparing
  --work    where inputs and stores go, default .build/bench-check

Counts come from callgrind, of all threads together, and repeat within 1 %; another Swift or libzstd moves them more.
A count more than the margin above the recorded one fails (exit code 1). One as far below is worth recording: said,
not failed. Counts see neither waiting nor threads that idle: `make bench` is for time.
"""
import argparse
import json
import os
import platform
import re
import shutil
import sys

from process import HERE, MONTH, ROOT, Failed, environment, program, remove, run, workload

EVENTS, DAYS = 20_000, 4
RECORDED = os.path.join(HERE, "instructions.json")
MARGIN_PERCENT = 5


# Fields that are not ours, as a tracing library might add them.
FOREIGN = (',"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_name":"chat.completion","region":"eu-west-1",'
           '"host":"node-7","build":"1.2.0","retries":0,"temperature":0.5,"endpoint":"/v1/chat/completions"}\n')


def with_foreign_fields(source):
    """The same events with eight unknown fields behind their own."""
    path = source + ".foreign"
    with open(source, encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as target:
        for line in lines:
            target.write(line.rstrip("\n")[:-1] + FOREIGN)
    return path


def measures(store, reports):
    """Name, how many events share the count, arguments; in this order, each on the store that the last one left."""
    month = ["--since", MONTH + "-01", "--until", MONTH + "-31", "--format", "json", "--store", store]
    return [
        ("append, per event", EVENTS, ["append", "--store", store]),
        ("append with eight unknown fields, per event", EVENTS, ["append", "--store", store + ".foreign"]),
        # Always two: the count should not depend on how many cores there are.
        ("rollup, per event", EVENTS, ["rollup", "--jobs", "2", "--store", store]),
        ("report of a month", 1, ["report", "month", MONTH, "--store", store, "--output", reports]),
        ("report by model", 1, ["report", "models", "--timezone", "UTC"] + month),
        ("daily table in UTC+5:30", 1, ["report", "daily", "--timezone", "Asia/Kolkata"] + month),
        ("rollup, nothing changed", 1, ["rollup", "--jobs", "2", "--store", store]),
        ("add", 1, ["add", "--store", store, "--model", "sonar-pro", "--input-tokens", "1200"]),
        ("seal, per event", EVENTS, ["rollup", "--seal", "--jobs", "2", "--store", store]),
        ("start-up", 1, ["--version"]),
    ]


def count(tally, folder):
    """Instructions of each measure."""
    store, reports = os.path.join(folder, "store"), os.path.join(folder, "reports")
    source = workload(folder, EVENTS, days=DAYS)
    sources = {store: source, store + ".foreign": with_foreign_fields(source)}
    remove(store, store + ".foreign", reports)
    # Valgrind stumbles over the debugging information of Swift binaries.
    stripped = os.path.join(folder, "tally")
    run(["strip", "-o", stripped, tally])
    tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", stripped]
    counts = {}
    for name, shared, arguments in measures(store, reports):
        source = sources[arguments[-1]] if arguments[0] == "append" else None
        said = run(tool + arguments, environment(folder), source)[1]
        found = re.search(r"Collected : (\d+)", said)
        if not found:
            raise Failed("valgrind: said no count for %s\n%s" % (name, said))
        counts[name] = round(int(found.group(1)) / shared)
    return counts


def compared(counts, recorded):
    """A line for each measure; how many exceed the margin; whether some are far below."""
    lines, exceeded, gained = [], 0, False
    width = max(map(len, counts))
    for name, now in counts.items():
        was = recorded.get(name)
        line = "%s  %13s" % (name.ljust(width), format(now, ","))
        if was is None:
            line, exceeded = line + "  FAILED: never recorded", exceeded + 1
        else:
            percent = 100 * (now - was) / was
            line += "  %13s  %+6.1f %%" % (format(was, ","), percent)
            if percent > MARGIN_PERCENT:
                line, exceeded = line + "  FAILED: at most +%d %%" % MARGIN_PERCENT, exceeded + 1
            elif percent < -MARGIN_PERCENT:
                line, gained = line + "  less than recorded", True
        lines.append(line)
    return [" " * width + "   instructions       recorded  change"] + lines, exceeded, gained


def load():
    try:
        with open(RECORDED, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise Failed("%s: %s" % (RECORDED, error)) from None


def record(counts, machine):
    everything = load()
    everything[machine] = counts
    with open(RECORDED + ".new", "w", encoding="utf-8") as file:
        json.dump(everything, file, indent=2, sort_keys=True)
        file.write("\n")
    os.replace(RECORDED + ".new", RECORDED)
    print("Recorded for %s in %s" % (machine, os.path.relpath(RECORDED)))


def check(arguments):
    machine, again = platform.machine(), "python3 %s %s --record" % (os.path.relpath(__file__), arguments.tally)
    tally = program(arguments.tally)
    for tool, package in (("valgrind", "valgrind"), ("strip", "binutils")):
        if not shutil.which(tool):
            raise Failed("%s: not found\nInstall it (apt-get install %s); there is no valgrind for new versions of "
                         "macOS" % (tool, package))
    recorded = load().get(machine)
    if not recorded and not arguments.record:
        raise Failed("nothing is recorded for %s machines\nRecord what is now, with a build you trust: %s"
                     % (machine, again))
    folder = os.path.abspath(arguments.work)
    os.makedirs(folder, exist_ok=True)
    counts = count(tally, folder)
    lines, exceeded, gained = compared(counts, recorded or {})
    if arguments.record:
        record(counts, machine)
        return 0
    print("\n".join(lines))
    if exceeded:
        print("\n%d of %d need more instructions than they may. If that is the price of something worth having, record "
              "it and say why in the commit: %s" % (exceeded, len(counts), again))
    elif gained:
        print("\nLess work than recorded: keep the gain by recording it: " + again)
    return 1 if exceeded else 0


class ArgumentParser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, "check.py: %s\nusage: %s\n" % (message, self.usage))


def main():
    parser = ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                            usage="check.py TALLY [--record] [--work DIR]")
    parser.add_argument("tally", help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "bench-check"), help=argparse.SUPPRESS)
    try:
        return check(parser.parse_args())
    except Failed as error:
        print("check.py: %s" % error, file=sys.stderr)
        return 69


if __name__ == "__main__":
    sys.exit(main())
