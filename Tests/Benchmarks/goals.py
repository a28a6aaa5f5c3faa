"""What the samples say beside the goals: one row for each comparison, medians of the ratios of pairs.

Ratios above 1 are good in `faster` (their time / tally's); everywhere else they are tally's / theirs, and small is
good. A goal is what must be (`at_least`) and what we want (`aim`); rows without are for information.
"""
import statistics

from measures import FEW_DAYS, LOGS_FILES, LOGS_MB, MANY_DAYS, PEERS


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


class Rows:
    def __init__(self, samples, pairs):
        self.samples, self.pairs, self.rows = samples, pairs, []

    def row(self, label, measure, value, at_least, aim, **more):
        reached = None
        if at_least is not None:
            within = (lambda goal: value >= goal) if measure == "faster" else (lambda goal: value <= goal)
            reached = ("aim" if aim is not None and within(aim) else "yes" if within(at_least) else "no")
        self.rows.append(dict(work=label, measure=measure, at_least=at_least, aim=aim, reached=reached, **more))

    def alone(self, label, work, at_least=None, aim=None):
        """Seconds of tally itself."""
        taken = self.samples.get((work, "tally"))
        if taken:
            seconds = spread([sample.seconds for sample in taken])
            self.row(label, "seconds", seconds["median"], at_least, aim, tally=seconds,
                     tally_memory=max(sample.memory for sample in taken))

    def beside(self, label, measure, mine, theirs, at_least=None, aim=None, shown=None):
        """tally's `mine` and somebody's work, (work, by), in pairs."""
        pairs = self.pairs.get(((mine, "tally"), theirs))
        if not pairs:
            return
        field = measure if measure in ("memory", "size") else "seconds"
        ours, other = ([getattr(pair[side], field) for pair in pairs] for side in (0, 1))
        if measure == "faster":
            ratio = spread([b / a for a, b in zip(ours, other)])
        else:
            ratio = spread([a / b for a, b in zip(ours, other)])
        # All of tally's runs of this work, not only those beside this one.
        ours = spread([getattr(sample, field) for sample in self.samples[mine, "tally"]])
        self.row(label, measure, ratio["median"], at_least, aim, tally=ours, beside=shown or theirs[1],
                 theirs=spread(other), ratio=ratio,
                 tally_memory=max(sample.memory for sample in self.samples[mine, "tally"]),
                 theirs_memory=max(pair[1].memory for pair in pairs))

    def fastest(self, work):
        done = [by for by in PEERS.values() if ((("rollup", "tally"), (work, by)) in self.pairs)]
        return min(done, key=lambda by: statistics.median(s.seconds for s in self.samples[work, by]), default=None)


def rows(samples, pairs):
    made = Rows(samples, pairs)
    for by in PEERS.values():
        goal = (3, 5) if by != "Polars" else ()
        made.beside("append", "faster", "append", ("append", by), *goal)
    made.beside("append", "time", "append", ("append", "zstd -1 -T2"), shown="floor: zstd -1 -T2")
    for work, label, goal in (("rollup", "", (2.5, 5)), ("dedup", ", each id once", (5, 10))):
        fastest = made.fastest(work)
        for by in PEERS.values():
            made.beside("rollup", "faster", "rollup", (work, by), *(goal if by == fastest else ()),
                        shown=by + label)
    made.beside("rollup", "time", "rollup", ("rollup", "zstd -dc"), shown="floor: zstd -dc")
    fastest = [(work, made.fastest(work)) for work in ("rollup", "dedup") if made.fastest(work)]
    if fastest:  # the fastest of each kind; of these the one that needs less
        work, by = min(fastest, key=lambda key: statistics.median(s.memory for s in samples[key]))
        made.beside("rollup, peak memory", "memory", "rollup", (work, by), 1 / 4, 1 / 8,
                    shown=by + (", each id once" if work == "dedup" else ""))
    many, few = "rollup of %d days" % MANY_DAYS, "itself with %d days" % FEW_DAYS
    beside = ("rollup of few days", "tally")
    made.beside(many, "time", "rollup of many days", beside, 10.5, shown=few)
    # Set by the largest days at a time, one a core, whatever their number; half is room for how they happen to meet.
    made.beside(many + ", peak memory", "memory", "rollup of many days", beside, 1.5, shown=few)
    made.alone("report of the month", "report month", 0.025, 0.010)
    made.alone("report by model, of the month", "report models")
    made.alone("daily table of the month in UTC+5:30", "report in a zone", 0.250, 0.080)
    made.alone("status line, nothing changed", "status line", 0.010)
    made.alone("status line after a change", "status line anew")
    made.alone("rollup of 3 years, nothing changed", "nothing changed", 0.020, 0.008)
    # ccusage in Rust took 2.7 to 3.5 s for 522 MB on two cores, at every call.
    label = "import of %d MB of agents' logs" % LOGS_MB
    made.alone(label, "import", 2.7 * LOGS_MB / 522, 2.7 * LOGS_MB / 522 / 2)
    made.alone("import of %d files, nothing new" % LOGS_FILES, "import nothing new", 0.1)
    made.beside("one durable add", "time", "add", ("add", "sqlite3"), 2, 1)
    made.beside("bytes per event, sealed", "size", "seal", ("seal", "zstd -19"), 1.15, 1.05)
    made.beside("sealing %d days" % FEW_DAYS, "faster", "seal", ("seal", "zstd -19"))
    made.alone("start-up", "start-up", 0.010, 0.004)
    made.beside("start-up", "time", "start-up", ("start-up", "true"), shown="floor: true")
    return made.rows
