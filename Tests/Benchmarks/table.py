"""The result as a Markdown table that can be read in a terminal too, and its place in the README."""
import textwrap

BEGIN, END = "<!-- made by `make bench-readme` -->", "<!-- end -->"
HEADER = ["work", "tally", "min–max", "memory", "beside", "takes", "memory", "ratio", "goal", "aim", "reached"]
RIGHT = {1, 2, 3, 5, 6, 7, 8, 9}
UNITS = {"faster": "× as fast", "time": "× the time", "memory": "× the memory", "size": "× the bytes"}


def seconds(value):
    return "%.1f ms" % (value * 1000) if value < 0.1 else "%.2f s" % value


def megabytes(value, floor=0):
    shown = "%.0f MB" % (value / 1_000_000)
    # A child starts with the peak of the process that made it.
    return "≤ " + shown if value <= floor else shown


def amount(measure, value):
    if measure == "memory":
        return megabytes(value)
    return "%.1f B" % value if measure == "size" else seconds(value)


def goal(measure, value):
    if value is None:
        return ""
    if measure == "seconds":
        return "≤ %.0f ms" % (value * 1000)
    return "%s %s×" % ("≥" if measure == "faster" else "≤", ("%.3f" % value).rstrip("0").rstrip("."))


def cells(row, floor):
    measure, ours = row["measure"], row["tally"]
    low, high = amount(measure, ours["min"]), amount(measure, ours["max"])
    if low.split()[-1] == high.split()[-1]:
        low = low.split()[0]
    made = [row["work"], amount(measure, ours["median"]), low + "–" + high,
            "" if measure == "memory" else megabytes(row["tally_memory"], floor)]
    if "theirs" in row:
        made += [row["beside"], amount(measure, row["theirs"]["median"]),
                 "" if measure == "memory" else megabytes(row["theirs_memory"], floor),
                 "%.2f%s" % (row["ratio"]["median"], UNITS[measure])]
    else:
        made += ["", "", "", ""]
    reached = {"aim": "aim", "yes": "yes", "no": "**no**", None: ""}[row["reached"]]
    return made + [goal(measure, row["at_least"]), goal(measure, row["aim"]), reached]


def table(result):
    lines, before = [], None
    for row in result["rows"]:
        made = cells(row, result["peak_memory_floor_bytes"])
        if row["work"] == before:  # said once
            made[:4] = [""] * 4
        before = row["work"]
        lines.append(made)
    widths = [max(len(line[column]) for line in [HEADER] + lines) for column in range(len(HEADER))]

    def joined(line):
        return "| %s |" % " | ".join(cell.rjust(width) if column in RIGHT else cell.ljust(width)
                                     for column, (cell, width) in enumerate(zip(line, widths)))

    rule = "|%s|" % "|".join("-" * (width + 1) + (":" if column in RIGHT else "-")
                             for column, width in enumerate(widths))
    return "\n".join([joined(HEADER), rule] + [joined(line) for line in lines])


def circumstances(result):
    """Machine, versions and size in a sentence."""
    versions = ", ".join("%s %s" % each for each in result["versions"].items())
    text = "%s events, %.0f MB of JSON Lines, %.0f MB of segments; %d round%s; %d cores (%s), %s; %s." % (
        format(result["events"], ","), result["input_bytes"] / 1e6, result["segment_bytes"] / 1e6,
        result["rounds"], "" if result["rounds"] == 1 else "s", result["cores"], result["processor"],
        result["system"], versions)
    return textwrap.fill(text, 128)


def markdown(result):
    return circumstances(result) + "\n\n" + table(result)


def put_into(text, result):
    """The README with the result between its marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("there is no place for it between %s and %s" % (BEGIN, END))
    return before + BEGIN + "\n" + markdown(result) + "\n" + END + after
