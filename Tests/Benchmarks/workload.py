#!/usr/bin/env python3
"""Writes a synthetic stretch of AI usage events as JSON Lines to stdout.

usage: workload.py EVENTS [SEED] [FIRST_DAY] [DAYS] > events.jsonl

  EVENTS     how many lines
  SEED       another seed, other events (default 7)
  FIRST_DAY  the first UTC day (default 2026-10-01)
  DAYS       how many days the lines are spread over (default 31)

Shaped like real traffic: 35 models, 500 users and 50 accounts of which a few make most of the lines, work
hours, log-normal token counts. One line in 50 repeats an earlier one, most within the hour, some a day late; a
fifth of the repeats carry more output. About 270 bytes a line.

Every hour is drawn on its own, from the seed and its number, so hours can be made side by side on all cores and
the output is the same on every machine with the same Python. Late repeats are handed to the parent, which writes
them among the lines of a later hour.
"""
import os
import random
import sys
import threading
from collections import deque
from datetime import date, timedelta
from itertools import accumulate
from multiprocessing import Pool

HOURS = [1, 1, 1, 1, 1, 1, 2, 4, 9, 12, 12, 11, 8, 11, 12, 12, 11, 9, 6, 4, 3, 2, 2, 1]
ACCOUNTS, USERS = 50, 500
REPEAT, REPEAT_LATE, REPEAT_LARGER = 0.02, 0.25, 0.2
LATE_HOURS = 24

# provider, service, operation, models
SERVICES = [
    ("anthropic", "claude-code", "chat", ["claude-sonnet-4-5", "claude-opus-4-5", "claude-haiku-4-5"]),
    ("openai", "codex", "chat", ["gpt-5-codex", "codex-mini-latest"]),
    ("openai", "chatgpt", "chat", ["gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4.1", "gpt-4.1-mini", "gpt-4o",
                                   "gpt-4o-mini", "o3", "o4-mini"]),
    ("openai", "openai-api", "embeddings", ["text-embedding-3-small", "text-embedding-3-large"]),
    ("groq", "groq", "chat", ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b",
                              "openai/gpt-oss-20b", "qwen/qwen3-32b"]),
    ("gcp.gemini", "gemini", "generate_content", ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-2.5-flash-lite"]),
    ("anthropic", "claude", "chat", ["claude-opus-4-1"]),
    ("github", "copilot", "chat", ["gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro"]),
    ("perplexity", "perplexity", "chat", ["sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research"]),
    ("mistral_ai", "mistral", "chat", ["mistral-large-latest", "codestral-latest"]),
    ("openai", "openai-api", "image_generation", ["gpt-image-1"]),
]


def tables():
    """What all hours share: the parts of lines that depend on a model or a user only, and token counts."""
    models = [(provider, service, operation, model)
              for provider, service, operation, names in SERVICES for model in names]
    random.Random(1).shuffle(models)  # which models are the frequent ones; not a matter of the seed
    model_weights = list(accumulate(1 / (rank + 1) ** 1.1 for rank in range(len(models))))
    user_weights = list(accumulate(1 / (rank + 1) ** 0.9 for rank in range(USERS)))
    heads = ['"provider":"%s","service":"%s","account":"acct-' % model[:2] for model in models]
    middles = ['","model":"%s","operation":"%s","user":"' % (model[3], model[2]) for model in models]
    draw = random.Random(2).lognormvariate

    def counts(middle, spread):
        return [str(int(draw(middle, spread))) for _ in range(8192)]

    return {
        "heads": heads, "middles": middles, "model_weights": model_weights, "user_weights": user_weights,
        "cached": [model[0] == "anthropic" for model in models],
        "text": [model[2] in ("chat", "generate_content") for model in models],
        "image": [model[2] == "image_generation" for model in models],
        "users": ["user-%04d@example.com" % user for user in range(USERS)],
        "accounts": ["%02d" % (user % ACCOUNTS) for user in range(USERS)],
        "minutes": ["%02d:" % minute for minute in range(60)],
        "seconds": ["%02d.%03d" % divmod(ms, 1000) for ms in range(60_000)],
        "input": counts(7.2, 1.3), "output": counts(5.8, 1.1), "read": counts(8.5, 1.2), "write": counts(6.5, 1.0),
    }


SHARED = tables()


def larger(text, extra):
    """The line with `extra` more output tokens, or as it is when it has none."""
    before, key, after = text.partition('"output_tokens":')
    if not key:
        return text
    digits = len(after) - len(after.lstrip("0123456789"))
    return before + key + str(int(after[:digits]) + extra) + after[digits:]


def hour_of_lines(job):
    """The lines of one hour as one text, and the repeats that arrive a day late."""
    number, count, seed, day, hour = job
    if count == 0:
        return "", []
    dice = random.Random(seed * 1_000_003 + number)
    chance, bits = dice.random, dice.getrandbits
    t = SHARED
    heads, middles, cached, text, image = t["heads"], t["middles"], t["cached"], t["text"], t["image"]
    users, accounts, minutes, seconds = t["users"], t["accounts"], t["minutes"], t["seconds"]
    inputs, outputs, reads, writes = t["input"], t["output"], t["read"], t["write"]
    times = sorted(int(chance() * 3_600_000) for _ in range(count))
    models = dice.choices(range(len(heads)), cum_weights=t["model_weights"], k=count)
    people = dice.choices(range(USERS), cum_weights=t["user_weights"], k=count)
    ids = "%0*x" % (16 * count, bits(64 * count))
    prefix = '","time":"%sT%02d:' % (day, hour)
    sessions = [user * 37 + number & 0xFFFFFF for user in range(USERS)]
    lines, late, held = [], [], []
    add = lines.append
    for index, (ms, model, user) in enumerate(zip(times, models, people)):
        if chance() < REPEAT and held:
            again = held[int(chance() * len(held))]
            if chance() < REPEAT_LARGER:
                again = larger(again, 1 + int(chance() * 50))
            (late if chance() < REPEAT_LATE else lines).append(again)
            continue
        minute, ms = divmod(ms, 60_000)
        pick = bits(52)
        tokens = f'"requests":1,"input_tokens":{inputs[pick & 8191]}'
        if text[model]:
            if cached[model] and pick >> 51:
                tokens += f',"cache_read_tokens":{reads[pick >> 26 & 8191]}'
                if pick >> 50 & 1:
                    tokens += f',"cache_write_tokens":{writes[pick >> 13 & 8191]}'
            tokens += f',"output_tokens":{outputs[pick >> 37 & 8191]}'
        elif image[model]:
            tokens += ',"images":1'
        line = (f'{{"id":"req_{ids[16 * index:16 * index + 16]}{prefix}{minutes[minute]}{seconds[ms]}Z",{heads[model]}'
                f'{accounts[user]}{middles[model]}{users[user]}","session":"s-{sessions[user]:06x}",{tokens}}}\n')
        add(line)
        if len(held) < 5000:
            held.append(line)
        elif pick & 7 == 0:
            held[int(chance() * 5000)] = line
    return "".join(lines), late


def jobs(events, seed, first, days):
    """One job an hour. Shares are rounded cumulatively, so the counts add up to `events`."""
    total, before, done = sum(HOURS) * days, 0, 0
    for number in range(24 * days):
        before += HOURS[number % 24]
        upto = events * before // total
        yield number, upto - done, seed, (first + timedelta(days=number // 24)).isoformat(), number % 24
        done = upto


def write(events, seed, first, days, out):
    # The pool would run ahead of a slow reader and hold everything: a gate keeps it a few hours ahead.
    cores = os.cpu_count() or 1
    gate, stopped = threading.Semaphore(4 * cores), threading.Event()

    def admitted():
        for job in jobs(events, seed, first, days):
            gate.acquire()
            if stopped.is_set():
                return
            yield job

    waiting = deque()
    with Pool(cores) as pool:
        try:
            for lines, late in pool.imap(hour_of_lines, admitted()):
                waiting.append(late)
                out.write(lines.encode("ascii"))
                if len(waiting) > LATE_HOURS:
                    out.write("".join(waiting.popleft()).encode("ascii"))
                gate.release()
        finally:
            stopped.set()
            gate.release()
    for late in waiting:
        out.write("".join(late).encode("ascii"))
    out.flush()


def main(arguments):
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    try:
        if not 1 <= len(arguments) <= 4:
            raise ValueError("one to four arguments are needed, got %d" % len(arguments))
        events = int(arguments[0])
        seed = int(arguments[1]) if len(arguments) > 1 else 7
        first = date.fromisoformat(arguments[2]) if len(arguments) > 2 else date(2026, 10, 1)
        days = int(arguments[3]) if len(arguments) > 3 else 31
        if events < 1 or days < 1 or seed < 0:
            raise ValueError("EVENTS and DAYS must be at least 1, SEED at least 0")
    except ValueError as error:
        print("workload.py: %s\nusage: workload.py EVENTS [SEED] [FIRST_DAY] [DAYS]" % error, file=sys.stderr)
        return 64
    try:
        write(events, seed, first, days, sys.stdout.buffer)
    except BrokenPipeError:  # `workload.py 1000000 | head` is not an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
