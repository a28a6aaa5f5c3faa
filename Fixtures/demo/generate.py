#!/usr/bin/env python3
"""Writes the demo fixture: one month of AI usage of a small, invented team.

usage: generate.py            write events-2026-10.jsonl, expected.json and README.md beside this file
       generate.py --check    write nothing; exit 1 if a committed file differs from what would be written

Everything is drawn with a fixed seed and integers only, so every Python from 3.9 on writes the same bytes.

How it works, in order:
1. `month()` draws the honest events, person by person and day by day.
2. `disturb()` adds what real pipes add: retries, larger snapshots, corrections, a void, late arrivals, bad lines.
3. `expectation.py` reads the finished lines back, with none of the above at hand, and applies the rules of the
   event format: reject, keep one of each identity, add up. That is what tally has to agree with.
"""
import json
import os
import random
import sys
from datetime import date, datetime, timedelta, timezone

sys.dont_write_bytecode = True  # a run leaves nothing behind
from expectation import COUNTS, expected

HERE = os.path.dirname(os.path.abspath(__file__))
EVENTS, EXPECTED, README = "events-2026-10.jsonl", "expected.json", "README.md"
SEED = 202610
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def utc(text):
    """Milliseconds since 1970 of `2026-10-18T09:00:00`, read as UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=timezone.utc) - EPOCH) // timedelta(milliseconds=1)


# Sunday the 18th is empty in every zone of the world, from UTC-12 to UTC+14.
QUIET_FROM, QUIET_UNTIL = utc("2026-10-17T10:00:00"), utc("2026-10-19T12:00:00")
BERLIN_WINTER_FROM = utc("2026-10-25T01:00:00")
SPIKE_DAY = date(2026, 10, 22)


class Dice:
    """Random integers from a stream that is the same on every Python."""

    def __init__(self, seed):
        self.bits = random.Random(seed).getrandbits

    def below(self, bound):
        return self.bits(32) * bound >> 32

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def percent(self, chance):
        return self.below(100) < chance

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        """One item of `[(weight, item)]`."""
        point = self.below(sum(weight for weight, _ in pairs))
        for weight, item in pairs:
            point -= weight
            if point < 0:
                return item
        raise AssertionError("unreachable: the point lies below the sum of the weights")

    def skewed(self, middle):
        """A long-tailed count around `middle`, from a table of quantiles in percent of it."""
        quantiles = [8, 22, 38, 60, 85, 115, 165, 250, 420, 900]
        at = self.below((len(quantiles) - 1) * 1000)
        index, part = divmod(at, 1000)
        percent_milli = quantiles[index] * (1000 - part) + quantiles[index + 1] * part
        return max(1, middle * percent_milli // 100_000)

    def code(self, digits):
        return "%0*x" % (digits, self.bits(4 * digits))


# Prices in millionths of a dollar per million tokens, which is pico-dollars per token:
# input, cache read, cache write, output, output image. Public list prices, rounded by nobody.
PRICES = {
    "claude-opus-4-5": (5_000_000, 500_000, 6_250_000, 25_000_000, 0),
    "claude-sonnet-4-5": (3_000_000, 300_000, 3_750_000, 15_000_000, 0),
    "claude-haiku-4-5": (1_000_000, 100_000, 1_250_000, 5_000_000, 0),
    "gpt-5": (1_250_000, 125_000, 0, 10_000_000, 0),
    "gpt-5-mini": (250_000, 25_000, 0, 2_000_000, 0),
    "gpt-5-codex": (1_250_000, 125_000, 0, 10_000_000, 0),
    "gpt-image-1": (5_000_000, 1_250_000, 0, 0, 40_000_000),
    "text-embedding-3-small": (20_000, 0, 0, 0, 0),
    "llama-3.3-70b-versatile": (590_000, 0, 0, 790_000, 0),
    "openai/gpt-oss-120b": (150_000, 75_000, 0, 600_000, 0),
    "sonar": (1_000_000, 0, 0, 1_000_000, 0),
    "sonar-pro": (3_000_000, 0, 0, 15_000_000, 0),
    "gemini-2.5-pro": (1_250_000, 310_000, 0, 10_000_000, 0),
    "gemini-2.5-flash": (300_000, 75_000, 0, 2_500_000, 0),
}
SEARCH_PRICE = 5_000_000_000  # pico-dollars: half a cent
EURO_PERCENT = 86  # of the dollar price, for the account that is billed in EUR

# Fields in the order of the event format; a line lists what it has in this order.
ORDER = [
    "id", "time", "period", "kind", "provider", "service", "account", "source", "model", "operation", "request_type",
    "service_tier", "user", "project", "session", "status", "requests", "input_tokens", "cache_read_tokens",
    "cache_write_tokens", "cache_write_1h_tokens", "cache_write_12h_tokens", "output_tokens", "reasoning_tokens",
    "input_audio_tokens", "output_audio_tokens", "input_image_tokens", "output_image_tokens", "unsplit_tokens",
    "images", "audio_seconds", "searches", "characters", "credits", "duration_ms", "cost", "currency",
    "tokens_remaining", "tokens_limit", "requests_remaining", "sessions_active", "resets_at", "revision", "tags",
    "metadata",
]


def dollars(pico):
    """An exact decimal string of an amount in pico-units: no exponent, no trailing zeros."""
    sign, pico = ("-", -pico) if pico < 0 else ("", pico)
    whole, part = divmod(pico, 10**12)
    return sign + ("%d.%012d" % (whole, part)).rstrip("0").rstrip(".")


def price(event, percent=100):
    """What the event costs at list price, as a decimal string."""
    rates = PRICES[event["model"]]
    names = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "output_image_tokens")
    pico = sum(rate * event.get(name, 0) for rate, name in zip(rates, names))
    return dollars((pico + SEARCH_PRICE * event.get("searches", 0)) * percent // 100)


def line(event):
    known = {name: event[name] for name in ORDER if name in event}
    extra = {name: event[name] for name in sorted(event) if name not in ORDER}
    return json.dumps({**known, **extra}, separators=(",", ":"), ensure_ascii=False)


# ---------------------------------------------------------------------------------------------- times


def stamp(ms, offset_minutes=0, digits=3):
    """RFC 3339 at an offset; six digits are three real ones and three that a reader cuts off."""
    local = EPOCH + timedelta(milliseconds=ms) + timedelta(minutes=offset_minutes)
    fraction = "%03d" % (ms % 1000) + ("417" if digits == 6 else "")
    sign = "-" if offset_minutes < 0 else "+"
    zone = "%s%02d:%02d" % (sign, *divmod(abs(offset_minutes), 60)) if offset_minutes else "Z"
    return "%04d-%02d-%02dT%02d:%02d:%02d.%s%s" % (
        local.year, local.month, local.day, local.hour, local.minute, local.second, fraction, zone)


def berlin(ms):
    return 120 if ms < BERLIN_WINTER_FROM else 60


def los_angeles(ms):
    return -420


def singapore(ms):
    return 480


# ---------------------------------------------------------------------------------------------- people


class Person:
    def __init__(self, name, zone, pace, services, projects):
        self.name, self.user, self.zone, self.pace = name, name + "@example.com", zone, pace
        self.services, self.projects = services, projects


TEAM = [
    Person("ada", berlin, 6, [(6, "claude-code"), (2, "chatgpt"), (1, "perplexity")], [(3, "atlas"), (1, "harbor")]),
    Person("bo", berlin, 5, [(5, "codex"), (1, "copilot"), (6, "gemini")], [(3, "harbor"), (1, "atlas")]),
    Person("chen", singapore, 4, [(4, "gemini"), (3, "chatgpt"), (1, "images")], [(3, "lantern"), (1, "atlas")]),
    Person("dina", los_angeles, 5, [(5, "claude-code"), (2, "claude"), (2, "copilot")], [(2, "atlas"), (2, "lantern")]),
    Person("emil", berlin, 4, [(4, "groq"), (2, "codex"), (1, "embeddings")], [(3, "harbor"), (1, "lantern")]),
    Person("fay", los_angeles, 4, [(4, "chatgpt"), (3, "perplexity"), (3, "images"), (2, "claude")], [(1, "website")]),
]


def event_of(dice, service, person, project, session, ms, model):
    """One request to a service, at `ms`."""
    user = {"user": person.user, "project": project}
    middle = dice.skewed
    if service in ("claude-code", "claude"):
        coding = service == "claude-code"
        event = {"id": "msg_" + dice.code(16), "time": stamp(ms), "provider": "anthropic", "service": service,
                 "account": "claude-team", "model": model, "operation": "chat", **user, "session": session,
                 "requests": 1, "input_tokens": middle(40 if coding else 900)}
        if coding:
            event["cache_read_tokens"] = middle(32_000)
            if dice.percent(60):
                event["cache_write_tokens"] = middle(2_400)
        event["output_tokens"] = middle(420)
        event["duration_ms"] = 700 + event["output_tokens"] * dice.between(9, 16)
        if coding:
            event.update(cost=price(event), currency="USD")
        return event
    if service == "codex":
        output = middle(900)
        event = {"id": "resp_" + dice.code(20), "time": stamp(ms), "provider": "openai", "service": "codex",
                 "account": "codex-ci" if person.name == "emil" else "chatgpt-business", "model": "gpt-5-codex",
                 "operation": "chat", **user, "session": session, "requests": 1, "input_tokens": middle(1_900),
                 "cache_read_tokens": middle(24_000), "output_tokens": output,
                 "reasoning_tokens": output * dice.between(10, 80) // 100, "duration_ms": 1_000 + output * 11}
        if event["account"] == "codex-ci":
            event.update(cost=price(event), currency="USD")
        return event
    if service == "chatgpt":
        output = middle(520)
        event = {"id": "chatgpt-" + dice.code(12), "time": stamp(ms), "provider": "openai", "service": "chatgpt",
                 "account": "chatgpt-business", "model": model, "operation": "chat", **user, "requests": 1,
                 "input_tokens": middle(1_100), "output_tokens": output}
        if model == "gpt-5":
            event["reasoning_tokens"] = output * dice.between(0, 60) // 100
        return event
    if service == "groq":
        event = {"id": "chatcmpl-" + dice.code(16), "time": ms // 1000, "provider": "groq", "service": "groq",
                 "account": "groq-dev", "model": model, "operation": "chat", **user, "requests": 1,
                 "input_tokens": middle(1_500), "output_tokens": middle(300), "duration_ms": dice.between(180, 2_400)}
        event.update(cost=price(event), currency="USD")
        return event
    if service == "copilot":
        return {"id": "ghcp-" + dice.code(12), "time": stamp(ms), "provider": "github", "service": "copilot",
                "account": "example-org", "model": model, "operation": "chat", **user, "session": session,
                "requests": 1, "credits": {"gpt-5": "1", "claude-sonnet-4-5": "1", "gpt-5-mini": "0.33"}[model]}
    if service == "perplexity":
        event = {"id": dice.code(8) + "-pplx", "time": stamp(ms, digits=6), "provider": "perplexity",
                 "service": "perplexity", "account": "research", "model": model, "operation": "chat", **user,
                 "requests": 1, "input_tokens": middle(60), "output_tokens": middle(480),
                 "searches": dice.between(1, 4)}
        event.update(cost=price(event), currency="USD")
        return event
    if service == "gemini":
        european = person.zone is berlin
        output = middle(600)
        event = {"id": "gem-" + dice.code(14), "time": stamp(ms, person.zone(ms)), "provider": "gcp.gemini",
                 "service": "gemini", "account": "gemini-eu" if european else "gemini", "model": model,
                 "operation": "generate_content", **user, "requests": 1, "input_tokens": middle(2_600),
                 "output_tokens": output}
        if model == "gemini-2.5-pro":
            event["reasoning_tokens"] = output * dice.between(20, 70) // 100
        if european:
            event.update(cost=price(event, EURO_PERCENT), currency="EUR")
        return event
    if service == "images":
        count = dice.weighted([(6, 1), (2, 2), (1, 4)])
        event = {"id": "img_" + dice.code(12), "time": stamp(ms, person.zone(ms)), "provider": "openai",
                 "service": "openai-api", "account": "marketing", "model": "gpt-image-1",
                 "operation": "image_generation", **user, "requests": 1, "input_tokens": middle(70),
                 "output_image_tokens": count * dice.pick([272, 1_056, 1_584]), "images": count,
                 "duration_ms": dice.between(9_000, 42_000)}
        event.update(cost=price(event), currency="USD")
        return event
    if service == "embeddings":
        return {"id": "emb-" + dice.code(12), "time": ms, "provider": "openai", "service": "openai-api",
                "account": "search-index", "model": "text-embedding-3-small", "operation": "embeddings", **user,
                "requests": 1, "input_tokens": middle(5_200), "tags": {"feature": "search"}}
    raise ValueError("no such service: " + service)


MODELS = {
    "claude-code": [(6, "claude-sonnet-4-5"), (2, "claude-opus-4-5"), (2, "claude-haiku-4-5")],
    "claude": [(3, "claude-sonnet-4-5"), (1, "claude-opus-4-5")],
    "codex": [(1, "gpt-5-codex")],
    "chatgpt": [(3, "gpt-5"), (2, "gpt-5-mini")],
    "groq": [(3, "llama-3.3-70b-versatile"), (2, "openai/gpt-oss-120b")],
    "copilot": [(2, "gpt-5"), (2, "claude-sonnet-4-5"), (1, "gpt-5-mini")],
    "perplexity": [(3, "sonar"), (2, "sonar-pro")],
    "gemini": [(2, "gemini-2.5-pro"), (3, "gemini-2.5-flash")],
    "images": [(1, "gpt-image-1")],
    "embeddings": [(1, "text-embedding-3-small")],
}
# Requests per sitting: coding agents talk all the time, people now and then.
SITTING = {"claude-code": (5, 14), "codex": (4, 11), "copilot": (3, 7), "groq": (3, 8)}


class Arrival:
    """A line and when it reaches the pipe."""

    def __init__(self, at, ms, event):
        self.at, self.ms, self.event = at, ms, event


def sittings(dice, person, day, index):
    """One person's day: a few sittings in work hours, more as the month goes on, hardly any at the weekend."""
    weekend = day.weekday() >= 5
    if weekend:
        count = 1 if dice.percent(14) else 0
    else:
        wanted = person.pace * (52 + index)  # in hundredths
        count = (wanted + dice.below(100)) // 100 - (1 if dice.percent(25) else 0)
    midnight = utc(day.isoformat() + "T00:00:00")
    for number in range(count):
        hour = dice.weighted([(2, 8), (6, 9), (7, 10), (6, 11), (3, 12), (6, 13), (7, 14), (6, 15), (5, 16), (3, 17),
                              (1, 20), (1, 22)])
        ms = midnight + hour * HOUR + dice.below(HOUR)
        ms -= person.zone(ms) * MINUTE
        service = dice.weighted(person.services)
        model = dice.weighted(MODELS[service])
        project = dice.weighted(person.projects)
        session = "%s-%s-%d" % (person.name, day.isoformat(), number + 1)
        for _ in range(dice.between(*SITTING.get(service, (1, 4)))):
            yield service, person, project, session, ms, model
            ms += 4_000 + dice.below(3 * MINUTE)


def failed(event):
    """The same request as one that came back with an error: it was made, it used nothing."""
    kept = ("id", "time", "provider", "service", "account", "model", "operation", "user", "project", "session")
    return {**{name: event[name] for name in kept if name in event}, "status": "error", "requests": 1,
            "duration_ms": event.get("duration_ms", 350)}


def month(dice):
    arrivals = []

    def add(ms, event, at=None):
        if not QUIET_FROM <= ms < QUIET_UNTIL:  # nobody worked then
            arrivals.append(Arrival(ms if at is None else at, ms, event))

    for index in range(31):
        day = date(2026, 10, 1) + timedelta(days=index)
        midnight = utc(day.isoformat() + "T00:00:00")
        for person in TEAM:
            for service, who, project, session, ms, model in sittings(dice, person, day, index):
                event = event_of(dice, service, who, project, session, ms, model)
                if project == "lantern" and dice.percent(50):
                    event["tags"] = {"customer": dice.pick(["northwind", "südwind"]), "team": "research"}
                add(ms, failed(event) if dice.percent(2) else event)
        if day.weekday() < 5:
            nightly(dice, midnight, add)
            quotas(dice, midnight, add)
    spike(dice, add)
    edges(dice, add)
    buckets(add)
    return arrivals


def nightly(dice, midnight, add):
    """The search index is rebuilt around midnight UTC: a few lines just before it and a few just after."""
    for shift in (-95_000, -31_000, -1, 0, 1, 28_000, 64_000):
        ms = midnight + shift
        add(ms, event_of(dice, "embeddings", TEAM[4], "harbor", None, ms, "text-embedding-3-small"))


def quotas(dice, midnight, add):
    """What the limits said at noon."""
    for person in (TEAM[0], TEAM[3]):
        ms = midnight + 12 * HOUR - person.zone(midnight) * MINUTE
        add(ms, {"id": "limit-%s-%d" % (person.name, ms // 1000), "time": stamp(ms), "kind": "quota",
                 "provider": "anthropic", "service": "claude-code", "account": "claude-team", "user": person.user,
                 "tokens_remaining": dice.between(20, 190) * 1000, "tokens_limit": 220_000,
                 "resets_at": stamp(ms + dice.between(1, 5) * HOUR)})


def spike(dice, add):
    """One afternoon somebody labels the whole archive."""
    ms = utc(SPIKE_DAY.isoformat() + "T12:30:00")
    for _ in range(260):
        event = event_of(dice, "groq", TEAM[4], "harbor", None, ms, "openai/gpt-oss-120b")
        event["input_tokens"] *= 4
        event.update(cost=price(event), tags={"feature": "archive-labels", "team": "platform"})
        add(ms, event)
        ms += 5_000 + dice.below(40_000)


def edges(dice, add):
    """The first and the last moments of the month, from both sides, and lines that change day with the zone."""
    moments = [
        "2026-09-30T21:59:59.999", "2026-09-30T22:00:00.000", "2026-09-30T23:59:59.999", "2026-10-01T00:00:00.000",
        "2026-10-01T06:59:59.999", "2026-10-25T00:59:59.999", "2026-10-25T01:00:00.000", "2026-10-31T22:59:59.999",
        "2026-10-31T23:00:00.000", "2026-10-31T23:59:59.999", "2026-11-01T00:00:00.000", "2026-11-01T06:59:59.999",
    ]
    for moment in moments:
        ms = utc(moment)
        add(ms, event_of(dice, "chatgpt", TEAM[5], "website", None, ms, "gpt-5-mini"))
    # Lines without an id: each gets one derived from the line itself. No two of them are alike.
    for index in range(6):
        ms = utc("2026-10-0%dT10:0%d:00" % (5 + index % 2, index))
        event = event_of(dice, "perplexity", TEAM[0], "atlas", None, ms, "sonar")
        del event["id"]
        add(ms, event)
    # Fields nobody knows are dropped, and the rest of the line is good.
    for index in range(3):
        ms = utc("2026-10-12T15:3%d:00" % index)
        event = event_of(dice, "claude", TEAM[3], "atlas", "dina-desktop", ms, "claude-sonnet-4-5")
        add(ms, {**event, "client_version": "1.4.%d" % index})


def buckets(add):
    """What providers tell only by the day, and a line of a bill."""
    start = utc("2026-10-14T00:00:00")
    add(start, {"id": "usage-2026-10-14-batch", "time": stamp(start), "period": "1d", "provider": "openai",
                "service": "openai-api", "account": "search-index", "model": "gpt-5-mini", "operation": "chat",
                "project": "harbor", "requests": 36, "input_tokens": 418_220, "cache_read_tokens": 96_000,
                "output_tokens": 51_377}, at=start + 30 * HOUR)
    start = utc("2026-10-21T00:00:00")
    add(start, {"id": "usage-2026-10-21-other", "time": stamp(start), "period": "1d", "provider": "gcp.gemini",
                "service": "gemini", "account": "gemini", "requests": 12, "unsplit_tokens": 88_041},
        at=start + 27 * HOUR)
    start = utc("2026-10-15T00:00:00")
    add(start, {"id": "bill-2026-10-15", "time": stamp(start), "period": "1d", "kind": "billed",
                "provider": "anthropic", "service": "claude-code", "account": "claude-team", "cost": "3.214508",
                "currency": "USD"}, at=start + 40 * HOUR)


# ---------------------------------------------------------------------------------------------- disturbance


def shifted(event, ms, offset):
    """The same instant, written at another offset: the same event."""
    return {**event, "time": stamp(ms, offset)}


def disturb(dice, arrivals):
    """Adds what happens on the way. Returns the lines in order of arrival and what was done, by name."""
    done = {}

    def count(name):
        done[name] = done.get(name, 0) + 1

    extra = []
    candidates = [a for a in arrivals if "output_tokens" in a.event and "id" in a.event and "status" not in a.event
                  and "period" not in a.event]
    candidates.sort(key=lambda a: (a.ms, a.event["id"]))
    taken = set()

    def victims(number):
        chosen = []
        while len(chosen) < number:
            index = dice.below(len(candidates))
            if index not in taken:
                taken.add(index)
                chosen.append(candidates[index])
        return chosen

    for victim in victims(48):
        extra.append(Arrival(victim.at + 2_000 + dice.below(20 * HOUR), victim.ms, victim.event))
        count("retries: the same line again")
    for victim in victims(4):
        victim.event["time"] = stamp(victim.ms)
        extra.append(Arrival(victim.at + dice.below(HOUR), victim.ms, shifted(victim.event, victim.ms, 330)))
        count("retries: the same instant written at another offset")
    for victim in victims(22):
        larger = {**victim.event, "output_tokens": victim.event["output_tokens"] + dice.between(1, 900)}
        if "cost" in larger:
            larger["cost"] = price(larger, EURO_PERCENT if larger["currency"] == "EUR" else 100)
        smaller_last = dice.percent(25)
        extra.append(Arrival(victim.at + 1_500 + dice.below(HOUR), victim.ms, victim.event if smaller_last else larger))
        if smaller_last:
            victim.event = larger
        count("snapshots: the same id with more output, the larger one counts")
    for victim in victims(8):
        right = {**victim.event, "output_tokens": max(1, victim.event["output_tokens"] // 3), "revision": 1}
        if "reasoning_tokens" in right:
            right["reasoning_tokens"] = min(right["reasoning_tokens"], right["output_tokens"])
        if "cost" in right:
            right["cost"] = price(right, EURO_PERCENT if right["currency"] == "EUR" else 100)
        extra.append(Arrival(victim.at + dice.below(3 * DAY), victim.ms, right))
        count("corrections: revision 1 with less output, it counts")
    for victim in victims(2):
        names = ("id", "time", "provider", "service", "account", "model")
        void = {**{name: victim.event[name] for name in names}, "status": "void", "requests": 1, "revision": 1}
        extra.append(Arrival(victim.at + dice.below(DAY), victim.ms, void))
        count("voids: revision 1, the event counts nothing")
    for victim in victims(70):
        victim.at += 6 * HOUR + dice.below(5 * DAY)
        count("late: hours or days after the event")

    everything = arrivals + extra
    for index, event in enumerate(everything):
        event.sequence = index
    everything.sort(key=lambda a: (a.at, a.sequence))
    lines = [line(a.event) for a in everything]
    return place_bad_lines(lines), done


def bad_lines():
    """A dozen lines that must be rejected: name, line."""
    base = {"id": "bad", "time": "2026-10-07T09:00:00.000Z", "provider": "openai", "service": "chatgpt",
            "model": "gpt-5", "requests": 1}

    def bad(number, drop=(), **fields):
        event = {**base, "id": "bad-%02d" % number, **fields}
        return line({name: value for name, value in event.items() if name not in drop})

    return [
        ("not JSON", "Traceback (most recent call last):"),
        ("JSON cut off in the middle", bad(2, input_tokens=812, output_tokens=377)[:-24]),
        ("a negative count", bad(3, input_tokens=-5, output_tokens=20)),
        ("a count that is not whole", bad(4, input_tokens=12.5, output_tokens=20)),
        ("prompt_tokens, another API's word", bad(5, prompt_tokens=640, output_tokens=88)),
        ("total_tokens, which cannot be priced", bad(6, total_tokens=1_290)),
        ("input_token, misspelt", bad(7, input_token=640, output_tokens=88)),
        ("a currency that does not exist", bad(8, output_tokens=90, cost="0.0123", currency="ZZZ")),
        ("a time before 2015", bad(9, time="2009-01-03T18:15:05.000Z", output_tokens=14)),
        ("a time far in the future", bad(10, time="2031-10-07T09:00:00.000Z", output_tokens=14)),
        ("an id without a time", bad(11, drop=("time",), output_tokens=51)),
        ("no measure at all", bad(12, drop=("requests",), user="ada@example.com")),
    ]


def place_bad_lines(lines):
    """Spreads the bad lines over the file; returns the lines and the number (from 1) of each bad one."""
    bad = bad_lines()
    result, where = list(lines), []
    for index, (name, text) in enumerate(bad):
        at = (index + 1) * len(lines) // (len(bad) + 1)
        result.insert(at, text)
        where.append((at + 1, name))
    return result, where


# ---------------------------------------------------------------------------------------------- files


def readme(text, facts, done):
    size = len(text.encode("utf-8"))
    total = facts["month"]["total"]
    out = [
        "# The demo month", "",
        "October 2026 of an invented team of six (Berlin, Los Angeles, Singapore) on four projects, as their scripts "
        "would pipe it into `tally append`. Everything in it is made up; there are no prompts, answers or keys.",
        "", "Written by `generate.py` (fixed seed, same bytes everywhere): change that, never the files. "
        "`generate.py --check` says whether the committed files are what it writes.", "",
        "| file | what |", "|---|---|",
        "| `%s` | %d lines, %d KB, in the order in which they arrived |" % (
            EVENTS, facts["lines"]["total"], size // 1000),
        "| `%s` | what has to come out, computed without tally: lines, and sums for October in UTC |" % EXPECTED,
        "| `generate.py` | the generator |", "| `expectation.py` | the rules of the event format in plain Python |", "",
        "## In the lines", "", "| what | how many |", "|---|---:|",
    ]
    kinds = facts["accepted_by_kind"]
    rows = [("accepted lines", facts["lines"]["accepted"]), ("rejected lines, one of each kind (below)",
            facts["lines"]["rejected"])]
    rows += [("accepted lines of kind `%s`" % kind, kinds[kind]) for kind in ("usage", "billed", "quota")]
    rows += [("lines that repeat an identity", facts["repeats"]),
             ("identities with different lines at the winning revision (conflicts)", facts["conflicts"])]
    rows += [(what, done[what]) for what in sorted(done)]
    rows += [("failed requests (`status: error`) in October", total["errors"]),
             ("requests counted in October (UTC)", total["requests"])]
    out += ["| %s | %d |" % pair for pair in rows]
    out += [
        "", "Worth knowing:", "",
        "- Sunday 18 October is empty in every time zone: nothing happens from 17 October 10:00 to 19 October 12:00 UTC.",
        "- Thursday 22 October has a spike: the archive is labelled on Groq.",
        "- Emil's index job runs around midnight UTC, and some lines lie in September or November (UTC): zones matter.",
        "- Times come as RFC 3339 in UTC, with offsets, with six digits, as epoch seconds and as epoch milliseconds.",
        "- Costs are reported by some services only: in USD, and in EUR for the account `gemini-eu`. The rest has none.",
        "- Two `1d` buckets of providers, one of them without a model; one `billed` line; `quota` lines at noon. Kinds "
        "are never added together: the sums in `%s` are usage only." % EXPECTED,
        "- Six lines have no id, three carry a field that nobody knows (`client_version`), which is dropped.",
        "- No two different lines of one identity tie in revision and counters, so the winner is never in doubt.",
        "", "## The bad lines", "", "| line | what is wrong |", "|---:|---|",
    ]
    out += ["| %d | %s |" % (bad["line"], bad["what"]) for bad in facts["rejected"]]
    out += [
        "", "## `%s`" % EXPECTED, "",
        "`lines` and `rejected` are what `append` has to say. `month` holds `total`, `days` (all 31, empty ones too), "
        "`models` and `providers`. In a row, `requests` and every counter are integers, `credits` and each `cost` "
        "(one per currency) exact decimal strings without trailing zeros; an absent dimension is `null`. `errors` are "
        "part of `requests`, `reasoning_tokens` part of `output_tokens`.", "",
        "| October (UTC) | |", "|---|---:|",
    ]
    out += ["| %s | %d |" % (name, total[name]) for name in COUNTS if total[name]]
    out += ["| credits | %s |" % total["credits"]]
    out += ["| reported cost, %s | %s |" % pair for pair in total["cost"].items()]
    return "\n".join(out) + "\n"


def files():
    """Name and bytes of each generated file."""
    dice = Dice(SEED)
    arrivals = month(dice)
    (lines, bad), done = disturb(dice, arrivals)
    text = "\n".join(lines) + "\n"
    facts = expected(text.splitlines(), bad)
    return [(EVENTS, text), (EXPECTED, json.dumps(facts, indent=1, ensure_ascii=False) + "\n"),
            (README, readme(text, facts, done))]


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__.split("\n\n")[1] if {"-h", "--help"} & set(arguments) else
              "generate.py: unknown arguments: %s\nusage: generate.py [--check]" % " ".join(arguments),
              file=sys.stdout if {"-h", "--help"} & set(arguments) else sys.stderr)
        return 0 if {"-h", "--help"} & set(arguments) else 64
    different = []
    for name, text in files():
        path, data = os.path.join(HERE, name), text.encode("utf-8")
        if not arguments:
            with open(path, "wb") as file:
                file.write(data)
            print("%s: %d lines, %d bytes" % (name, text.count("\n"), len(data)))
            continue
        try:
            with open(path, "rb") as file:
                held = file.read()
        except FileNotFoundError:
            held = None
        if held != data:
            different.append(name)
    for name in different:
        print("Fixtures/demo/%s: is not what generate.py writes\nRun Fixtures/demo/generate.py and commit the result."
              % name, file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
