#!/usr/bin/env python3
"""Prices events by a catalog in plain Python: the rules of Schemas/catalog.md, slow and literal.

usage: reference.py [--check] [--catalog FILE] [EVENTS]

Reads events (JSON Lines) from EVENTS or stdin and writes one line each: the exact amount and its currency, or
`unpriced` and why. --check prices expected-costs.json instead and compares. Shares nothing with tally's own code.
"""
import argparse
import json
import re
import sys
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULT = HERE.parents[1] / "Sources/CCatalog/catalog.json"
PICO = Decimal("1e-12")
PROMPT = ("input", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "input_audio", "input_image")
TOKENS = (*PROMPT, "output", "output_audio", "output_image", "unsplit")
UNITS = {"requests": "request", "searches": "search", "images": "image", "characters": "character"}
AUDIO = {"audio_second": 1, "audio_minute": 60, "audio_hour": 3600}
SUFFIXES = (r"\[[a-z0-9]+\]$", r"-v\d+(:\d+)?$", r"@20\d{6}$", r"-\d{4}-\d{2}-\d{2}$", r"-20\d{6}$")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Unpriced(Exception):
    pass


def normalised(name, prefixes):
    """The name as it is, then with one more thing taken off at a time."""
    name = name.strip().lower().replace(" ", "-")
    yield name
    while True:
        before = name
        for prefix in (*prefixes, "us.", "eu.", "apac.", "jp.", "au.", "global.", "us-gov.", "anthropic."):
            if name.startswith(prefix):
                name = name.removeprefix(prefix)
                break
        if name != before:
            yield name
            continue
        for suffix in SUFFIXES:
            name = re.sub(suffix, "", name)
            if name != before:
                yield name
                break
        else:
            return


def find_model(catalog, provider, name):
    for field in ("model", "aliases"):
        for model in catalog["models"]:
            if model["provider"] == provider["id"] and name in ([model["model"]] if field == "model"
                                                                else model.get("aliases", [])):
                return model
    for form in normalised(name, provider.get("prefixes", [])):
        for model in catalog["models"]:
            if model["provider"] == provider["id"] and form in [model["model"], *model.get("aliases", [])]:
                return model
    return None


def in_force(periods, time):
    """The period of a moment; the first one also holds for all time before it."""
    def minute(text):
        return text.removesuffix("Z") if "T" in text else text + "T00:00"

    found = periods[0]
    for period in periods[1:]:
        if minute(period["from"]) <= time[:16]:
            found = period
    return None if "until" in found and minute(found["until"]) <= time[:16] else found


def in_window(window, time):
    day, clock = date.fromisoformat(time[:10]), time[11:16]
    for hours in window["utc"]:
        begin, end = hours.split("-")
        past_midnight = end <= begin
        starts = [day] if begin <= clock and (past_midnight or clock < end) else []
        starts += [day - timedelta(days=1)] if past_midnight and clock < end else []
        if any(WEEKDAYS[start.weekday()] in window.get("weekdays", WEEKDAYS) for start in starts):
            return True
    return False


def token_price(tables, kind):
    """The first table that prices the kind; else what a kind without a price of its own costs."""
    for table in tables:
        if kind in table:
            return Decimal(table[kind]) / 10**6
    if kind in ("cache_read", "cache_write", "input_audio", "input_image"):
        return token_price(tables, "input")
    if kind in ("cache_write_1h", "cache_write_12h") and not any("cache_write" in table for table in tables):
        return token_price(tables, "input")
    raise Unpriced(f"no price for {kind}")


def tables_of(period, tier, prompt, time):
    """Token tables, the most special first: service tier at this context, context, service tier, standard."""
    def context(part):
        fits = [t for t in part.get("tiers", []) if prompt > t["above_input_tokens"]]
        return [fits[-1]["per_million_tokens"]] if fits else []

    special = period.get("service_tiers", {}).get(tier, {})
    windows = [w["per_million_tokens"] for w in period.get("windows", []) if in_window(w, time)][:1]
    return [*context(special), *context(period), *[p["per_million_tokens"] for p in (special,)
            if "per_million_tokens" in p], *windows, period.get("per_million_tokens", {})]


def price(catalog, event):
    """The exact cost and its currency."""
    word, time, name = event.get("provider"), event["time"], event.get("model", "")
    providers = [p for p in catalog["providers"] if word in (p["id"], *p.get("aliases", []))] if word else [
        p for p in catalog["providers"] if not p.get("reseller") and find_model(catalog, p, name)]
    if len(providers) != 1:
        raise Unpriced("unknown provider" if word or not providers else "several providers have this model")
    provider = providers[0]
    credit = in_force(provider["credits"], time) if "credits" in provider else None
    if credit and Decimal(event.get("credits", "0")):
        return Decimal(event["credits"]) * Decimal(credit["price"]), credit.get("currency", catalog["currency"])
    model = find_model(catalog, provider, name)
    period = in_force(model["prices"], time) if model else None
    if period is None:
        raise Unpriced("unknown model" if model is None else "no price at that time")
    currency = period.get("currency", catalog["currency"])
    if "credits_per_request" in period:
        return event.get("requests", 1) * Decimal(period["credits_per_request"]) * Decimal(credit["price"]), currency

    words = provider.get("service_tiers", {})
    tier = event.get("service_tier")
    if not tier:
        kind = event.get("request_type")
        tier = kind if words.get(kind, kind) == "batch" else "standard"
    tier = words.get(tier, tier)
    count = {kind: event.get(kind + "_tokens", 0) for kind in TOKENS}
    prompt = sum(count[kind] for kind in PROMPT) if event.get("requests", 1) == 1 else 0
    tables = tables_of(period, tier, prompt, time)
    total = Decimal(0)
    if any("reasoning" in table for table in tables):
        reasoning = event.get("reasoning_tokens", 0)
        total += reasoning * token_price(tables, "reasoning")
        count["output"] -= reasoning
    for kind, number in count.items():
        if number:
            total += number * token_price(tables, kind)

    units = period.get("per_unit", {}) | period.get("service_tiers", {}).get(tier, {}).get("per_unit", {})
    images, seconds = event.get("images", 0), event.get("audio_seconds", 0)
    for counter, unit in UNITS.items():
        number = event.get(counter, 1 if counter == "requests" else 0)
        if counter == "images" and count["output_image"]:
            continue
        if unit in units:
            total += number * Decimal(units[unit])
        elif number and counter != "requests":
            raise Unpriced(f"no price for {counter}")
    if seconds and not count["input_audio"] and not count["output_audio"]:
        unit = next((unit for unit in AUDIO if unit in units), None)
        if unit is None:
            raise Unpriced("no price for audio_seconds")
        total += seconds * (Decimal(units[unit]) / AUDIO[unit]).quantize(PICO, ROUND_HALF_EVEN)
    return total, currency


def text_of(amount):
    return format(amount.normalize(), "f") if amount else "0"


def check(catalog):
    wrong = 0
    for case in json.loads((HERE / "expected-costs.json").read_text())["cases"]:
        event = {**{k: case[k] for k in ("provider", "model", "time", "service_tier") if k in case}, **case["counters"]}
        try:
            got = text_of(price(catalog, event)[0])
        except Unpriced as reason:
            got = f"unpriced: {reason}"
        if got != case["expected_usd"]:
            wrong += 1
            print(f'{case["name"]}: expected {case["expected_usd"]}, got {got}', file=sys.stderr)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--catalog", type=Path, default=DEFAULT)
    parser.add_argument("events", nargs="?", type=argparse.FileType("r"), default=sys.stdin)
    options = parser.parse_args()
    catalog = json.loads(options.catalog.read_text())
    if options.check:
        return 1 if check(catalog) else 0
    for line in options.events:
        try:
            amount, currency = price(catalog, json.loads(line))
            print(text_of(amount), currency)
        except Unpriced as reason:
            print("unpriced:", reason)
    return 0


if __name__ == "__main__":
    sys.exit(main())
