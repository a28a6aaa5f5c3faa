"""Reads segments by `Schemas/segment.md` alone: lists the commits of what is committed, checks every digest, and says
what follows.

Usage: segment_reader.py FILE...    prints a JSON object for each; needs the package xxhash and the command zstd.
"""

import json
import struct
import subprocess
import sys

import xxhash

FRAME_MAGIC = 0x184D2A5B
MAGIC = b"tallyCMT"
END_MAGIC = b"tallyEND"
RAW_SIZE_MAX = 64 << 20
DATA_SIZE_MAX = RAW_SIZE_MAX + RAW_SIZE_MAX // 128
TIMES = range(-62_167_219_200_000, 253_402_300_800_000)
NAMES = ["sequence", "generation", "events", "data_size", "raw_size", "data_hash", "first_time", "last_time",
         "written_at", "durable_size", "total_events", "total_raw_size", "total_sum"]


def is_possible(commit):
    return (
        commit["raw_size"] <= RAW_SIZE_MAX and commit["data_size"] <= DATA_SIZE_MAX
        and commit["events"] <= commit["raw_size"] and commit["total_events"] <= commit["total_raw_size"]
        and commit["events"] <= commit["total_events"] and commit["raw_size"] <= commit["total_raw_size"]
        and commit["sequence"] <= commit["offset"]
        and commit["total_raw_size"] <= (commit["sequence"] + 1) * RAW_SIZE_MAX
        and commit["first_time"] <= commit["last_time"]
        and commit["first_time"] in TIMES and commit["last_time"] in TIMES)


def commit_ending_at(data, end):
    """The commit that ends there; None when there is none."""
    if end < 24:
        return None
    size, version, checksum, end_magic = struct.unpack_from("<IIQ8s", data, end - 24)
    if end_magic != END_MAGIC or version != 1 or not 136 <= size <= min(end, 1 << 20):
        return None
    frame = data[end - size:end]
    magic, rest = struct.unpack_from("<II", frame, 0)
    if xxhash.xxh64_intdigest(frame[:-16]) != checksum or (magic, rest) != (FRAME_MAGIC, size - 8):
        return None
    if frame[8:16] != MAGIC or struct.unpack_from("<H", frame, 16) != (1,):
        return None
    commit = dict(zip(NAMES, struct.unpack_from("<IIIQQQqqqQQQQ", frame, 20)))
    at = 112

    def text():
        nonlocal at
        (count,) = struct.unpack_from("<H", frame, at)
        at += 2 + count
        return frame[at - count:at].decode()

    commit["writer"] = text()
    (count,) = struct.unpack_from("<H", frame, at)
    at += 2
    commit["batches"] = []
    for _ in range(count):
        batch = text()
        (lines,) = struct.unpack_from("<I", frame, at)
        at += 4
        commit["batches"].append([batch, lines])
    commit["offset"] = end - size - commit["data_size"]
    if at != size - 24 or commit["offset"] < 0 or not is_possible(commit):
        return None
    return commit


def goes_on(commit, before):
    sequence, generation, events, raw_size = (
        (before["sequence"] + 1, before["generation"], before["total_events"], before["total_raw_size"])
        if before else (0, 0, 0, 0))
    return (
        commit["sequence"] == sequence and commit["generation"] >= generation
        and commit["total_events"] == events + commit["events"]
        and commit["total_raw_size"] == raw_size + commit["raw_size"])


def matches(data, commit):
    frame = data[commit["offset"]:commit["offset"] + commit["data_size"]]
    return xxhash.xxh64_intdigest(frame) == commit["data_hash"]


def backwards(data):
    """All commits of a file that is whole; None otherwise."""
    commits = []
    end = len(data)
    while end > 0:
        commit = commit_ending_at(data, end)
        if commit is None or (commits and not goes_on(commits[-1], commit)):
            return None
        commits.append(commit)
        end = commit["offset"]
    if commits and not goes_on(commits[-1], None):
        return None
    return commits[::-1]


def zstd_frame_size(data, start):
    """The size of the zstd frame there (RFC 8878, 3.1); None when there is none, or not all of it."""
    try:
        (magic,) = struct.unpack_from("<I", data, start)
        if magic & 0xFFFFFFF0 == 0x184D2A50:
            return 8 + struct.unpack_from("<I", data, start + 4)[0]
        if magic != 0xFD2FB528:
            return None
        descriptor = data[start + 4]
        is_single = descriptor >> 5 & 1
        at = start + 5 + (1 - is_single) + [0, 1, 2, 4][descriptor & 3]
        at += [is_single, 2, 4, 8][descriptor >> 6]
        is_last = False
        while not is_last:
            header = int.from_bytes(data[at:at + 3].ljust(3, b"\xff"), "little")
            is_last, kind, size = header & 1, header >> 1 & 3, header >> 3
            if kind == 3:
                return None
            at += 3 + (1 if kind == 1 else size)
        return at + 4 * (descriptor >> 2 & 1) - start
    except (struct.error, IndexError):
        return None


def forwards(data):
    """The commits of what is committed, where it ends, and whether something torn or something else follows."""
    commits = []
    offset = 0
    while offset < len(data):
        size = zstd_frame_size(data, offset)
        if size is None or offset + size + 8 > len(data):
            return commits, offset, "torn"
        end = offset + size + 8 + struct.unpack_from("<I", data, offset + size + 4)[0]
        if end > len(data):
            return commits, offset, "torn"
        commit = commit_ending_at(data, end)
        if commit is None or commit["offset"] != offset or commit["data_size"] != size or not matches(data, commit):
            return commits, offset, "damage"
        if not goes_on(commit, commits[-1] if commits else None):
            return commits, offset, "damage"
        commits.append(commit)
        offset = end
    return commits, offset, "whole"


def has_commit_behind(data, offset):
    at = data.find(END_MAGIC, offset)
    while at >= 0:
        commit = commit_ending_at(data, at + 8)
        if commit and commit["offset"] >= offset and (
                matches(data, commit) or commit["durable_size"] >= at + 8):
            return True
        at = data.find(END_MAGIC, at + 1)
    return False


def check_lines(data, commits):
    """Compares every line with the counts and digests; how many commits stand before data that does not match."""
    events = raw_size = total = 0
    for index, commit in enumerate(commits):
        if not matches(data, commit):
            return index
        frame = data[commit["offset"]:commit["offset"] + commit["data_size"]]
        raw = subprocess.run(["zstd", "-dcq"], input=frame, stdout=subprocess.PIPE, check=True).stdout
        assert len(raw) == commit["raw_size"] and raw.endswith(b"\n"), "whole lines"
        lines = raw[:-1].split(b"\n")
        for line in lines:
            total = (total + xxhash.xxh64_intdigest(line, seed=events)) % 2**64
            events += 1
        raw_size += len(raw)
        assert len(lines) == commit["events"] == sum(lines for _, lines in commit["batches"]), "counts"
        assert (events, raw_size, total) == (
            commit["total_events"], commit["total_raw_size"], commit["total_sum"]), "digest"
    return len(commits)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    commits = backwards(data)
    state, offset = "whole", len(data)
    if commits is None:
        commits, offset, state = forwards(data)
        if state == "torn" and has_commit_behind(data, offset):
            state = "damage"
    count = check_lines(data, commits)
    if count < len(commits):
        state, offset = "damage", commits[count]["offset"]
    return {"commits": commits[:count], "state": state, "offset": offset}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(json.dumps(read(path)))
