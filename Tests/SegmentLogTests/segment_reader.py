"""Lists the commits of a segment, read by `Schemas/segment.md` alone, and checks every digest.

Usage: segment_reader.py FILE    prints one JSON object; needs the package xxhash and the command zstd.
"""

import json
import struct
import subprocess
import sys

import xxhash

FRAME_MAGIC = 0x184D2A5B
MAGIC = b"tallyCMT"
END_MAGIC = b"tallyEND"


def commit_ending_at(data, end):
    size, version, checksum, end_magic = struct.unpack_from("<IIQ8s", data, end - 24)
    assert end_magic == END_MAGIC and version == 1, "no trailer"
    frame = data[end - size:end]
    assert xxhash.xxh64_intdigest(frame[:-16]) == checksum, "commit checksum"
    magic, rest = struct.unpack_from("<II", frame, 0)
    assert magic == FRAME_MAGIC and rest == size - 8, "skippable frame"
    names = ["sequence", "generation", "events", "data_size", "raw_size", "data_hash", "first_time", "last_time",
             "written_at", "durable_size", "total_events", "total_raw_size", "total_sum"]
    assert frame[8:16] == MAGIC and struct.unpack_from("<HH", frame, 16) == (1, 0)
    commit = dict(zip(names, struct.unpack_from("<IIIQQQqqqQQQQ", frame, 20)))
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
    assert at == size - 24, "batches fill the payload"
    commit["offset"] = end - size - commit["data_size"]
    return commit


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    commits = []
    end = len(data)
    while end > 0:
        commits.append(commit_ending_at(data, end))
        end = commits[-1]["offset"]
    commits.reverse()
    events = raw_size = total = 0
    for sequence, commit in enumerate(commits):
        frame = data[commit["offset"]:commit["offset"] + commit["data_size"]]
        assert xxhash.xxh64_intdigest(frame) == commit["data_hash"], "data hash"
        raw = subprocess.run(["zstd", "-dcq"], input=frame, stdout=subprocess.PIPE, check=True).stdout
        assert len(raw) == commit["raw_size"] and raw.endswith(b"\n"), "whole lines"
        lines = raw[:-1].split(b"\n")
        for line in lines:
            total = (total + xxhash.xxh64_intdigest(line, seed=events)) % 2**64
            events += 1
        raw_size += len(raw)
        assert len(lines) == commit["events"] == sum(lines for _, lines in commit["batches"]), "counts"
        assert sequence == commit["sequence"], "sequence"
        assert (events, raw_size, total) == (
            commit["total_events"], commit["total_raw_size"], commit["total_sum"]), "digest"
    return {"commits": commits}


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout, indent=1)
    print()
