"""What has to come out of the demo fixture, computed from its finished lines without tally.

The rules of the event format in plain Python, sharing nothing with the generator or with tally: reject what is
wrong, keep one line of each identity, add up exactly. Slow and obvious on purpose.
"""
import json
from datetime import datetime, timedelta, timezone

MINUTE, DAY = 60_000, 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

TOKENS = ["input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
          "cache_write_12h_tokens", "output_tokens", "reasoning_tokens", "input_audio_tokens", "output_audio_tokens",
          "input_image_tokens", "output_image_tokens", "unsplit_tokens"]
UNITS = ["images", "audio_seconds", "searches", "characters"]
COUNTS = ["requests"] + TOKENS + UNITS
WEIGHED = [name for name in COUNTS if name != "reasoning_tokens"]
MEASURES = COUNTS + ["credits", "duration_ms", "cost", "tokens_remaining", "tokens_limit", "requests_remaining",
                     "sessions_active"]
FOREIGN = ["prompt_tokens", "completion_tokens", "total_tokens", "input_token", "output_token"]
CURRENCIES = ["USD", "EUR"]


class Rejected(Exception):
    pass


def utc(text):
    """Milliseconds since 1970 of `2026-10-18T09:00:00`, read as UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=timezone.utc) - EPOCH) // timedelta(milliseconds=1)


def instant(value):
    """Milliseconds since 1970 of any time the event format takes."""
    if isinstance(value, int):
        return value if value >= 10**11 else value * 1000
    body, offset = value, 0
    if body.endswith("Z"):
        body = body[:-1]
    else:
        body, sign, zone = body[:-6], body[-6], body[-5:]
        offset = (int(zone[:2]) * 60 + int(zone[3:])) * (1 if sign == "+" else -1)
    body, _, fraction = body.partition(".")
    return utc(body) + int((fraction + "000")[:3]) - offset * MINUTE


def pico(text):
    whole, _, part = text.partition(".")
    return int(whole) * 10**12 + int((part + "0" * 12)[:12])


def read(text):
    """The event of a line, with `ms` added, or Rejected."""
    try:
        event = json.loads(text)
    except ValueError:
        raise Rejected("not JSON") from None
    if not isinstance(event, dict):
        raise Rejected("not an object")
    for name in FOREIGN:
        if name in event:
            raise Rejected(name)
    for name in COUNTS:
        value = event.get(name, 0)
        if not isinstance(value, int) or value < 0:
            raise Rejected(name)
    if not any(name in event for name in MEASURES):
        raise Rejected("no measure")
    if "time" not in event:
        raise Rejected("no time")
    if event.get("currency", "USD") not in CURRENCIES:
        raise Rejected("currency")
    event["ms"] = instant(event["time"])
    if not utc("2015-01-01T00:00:00") <= event["ms"] < utc("2026-11-02T00:00:00"):
        raise Rejected("time")
    event.setdefault("kind", "usage")
    event.setdefault("requests", 1 if event["kind"] == "usage" else 0)
    return event


def exact(amount):
    """An exact decimal string of pico-units: no exponent, no trailing zeros."""
    whole, part = divmod(amount, 10**12)
    return ("%d.%012d" % (whole, part)).rstrip("0").rstrip(".")


def canonical(event):
    """The event as one text in which only differences of meaning show."""
    return json.dumps({**event, "time": event["ms"]}, sort_keys=True)


def utc_day(ms):
    return (EPOCH + timedelta(days=ms // DAY)).strftime("%Y-%m-%d")


def rank(event):
    return event.get("revision", 0), sum(event.get(name, 0) for name in WEIGHED)


def winners(events):
    """One event of each identity, and how many identities had different lines at the winning revision."""
    best, alike, days_of_id = {}, {}, {}
    for event in events:
        if "id" not in event:
            identity = ("derived", canonical(event))
            assert identity not in best, "lines without an id must differ from each other"
            best[identity], alike[identity] = event, [event]
            continue
        identity = (event["kind"], event["id"], utc_day(event["ms"]))
        day = days_of_id.setdefault(identity[:2], identity[2])
        assert day == identity[2], "an id must stay within its UTC day: " + event["id"]
        alike.setdefault(identity, []).append(event)
        held = best.get(identity)
        if held is None or rank(event) > rank(held):
            best[identity] = event
        else:
            clear = rank(event) < rank(held) or canonical(event) == canonical(held)
            assert clear, "the greater line must never have to decide: " + event["id"]
    conflicts = 0
    for identity, group in alike.items():
        top = max(event.get("revision", 0) for event in group)
        different = {canonical(event) for event in group if event.get("revision", 0) == top}
        conflicts += len(different) > 1
    return list(best.values()), conflicts


def row(events):
    sums = {"requests": 0, "errors": 0}
    sums.update((name, 0) for name in COUNTS)
    credits, cost = 0, {}
    for event in events:
        for name in COUNTS:
            sums[name] += event.get(name, 0)
        if event.get("status") == "error":
            sums["errors"] += event["requests"]
        credits += pico(event.get("credits", "0"))
        if "cost" in event:
            cost[event["currency"]] = cost.get(event["currency"], 0) + pico(event["cost"])
    sums["credits"] = exact(credits)
    sums["cost"] = {currency: exact(cost[currency]) for currency in sorted(cost)}
    return sums


def grouped(events, name, key, keys=None):
    """Rows of `events` by `key`, sorted; `None` (the dimension is absent) comes first."""
    groups = {each: [] for each in keys or []}
    for event in events:
        groups.setdefault(key(event), []).append(event)
    return [{name: each, **row(groups[each])} for each in sorted(groups, key=lambda k: (k is not None, k or ""))]


def expected(lines, bad):
    """All of expected.json. `bad` names the lines that must be rejected: number from 1, what is wrong."""
    accepted, rejected = [], []
    for number, text in enumerate(lines, 1):
        try:
            accepted.append(read(text))
        except Rejected:
            rejected.append(number)
    assert rejected == [number for number, _ in bad], "exactly the bad lines must be rejected"
    best, conflicts = winners(accepted)
    usage = [event for event in best if event["kind"] == "usage" and event.get("status") != "void"]
    inside = [event for event in usage if utc_day(event["ms"])[:7] == "2026-10"]
    days = [utc_day(utc("2026-10-01T00:00:00") + index * DAY) for index in range(31)]

    def kinds(events):
        return {kind: sum(event["kind"] == kind for event in events) for kind in ("usage", "billed", "quota")}

    return {
        "lines": {"total": len(lines), "accepted": len(accepted), "rejected": len(rejected)},
        "rejected": [{"line": number, "what": what} for number, what in bad],
        "accepted_by_kind": kinds(accepted),
        "counted_by_kind": kinds([event for event in best if event.get("status") != "void"]),
        "repeats": len(accepted) - len(best),
        "voids": sum(event.get("status") == "void" for event in best),
        "conflicts": conflicts,
        "month": {
            "from": "2026-10-01", "to": "2026-10-31", "timezone": "UTC", "kind": "usage",
            "total": row(inside),
            "days": grouped(inside, "day", lambda event: utc_day(event["ms"]), days),
            "models": grouped(inside, "model", lambda event: event.get("model")),
            "providers": grouped(inside, "provider", lambda event: event.get("provider")),
        },
    }
