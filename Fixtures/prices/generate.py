#!/usr/bin/env python3
"""Writes expected-costs.json: worked examples, priced straight from other people's published price data.

usage: generate.py --litellm FILE [--calculators] > expected-costs.json

  --litellm FILE   litellm/model_prices_and_context_window_backup.json of the Python package litellm 1.109.1
  --calculators    also ask the calculators of litellm and genai-prices, which then have to be importable

The arithmetic below is plain decimals and knows nothing of tally or of its catalog. Each example names the data it
is priced from; genai-prices 0.2.3 has to be importable for those that come from it. What the two packages' own
calculators answer is written beside it, so that a difference is seen and explained and never a surprise.
"""
import argparse
import json
import os
import sys
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

MILLION = Decimal(10**6)
PICO = Decimal("1e-12")
TOKENS = ("input", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "output", "input_audio",
          "output_audio", "input_image", "output_image")
PROMPT = ("input", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "input_audio", "input_image")
LITELLM = {
    "input": "input_cost_per_token", "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost", "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "cache_write_12h": "cache_creation_input_token_cost_above_12hr", "output": "output_cost_per_token",
    "reasoning": "output_cost_per_reasoning_token", "input_audio": "input_cost_per_audio_token",
    "output_audio": "output_cost_per_audio_token", "input_image": "input_cost_per_image_token",
    "output_image": "output_cost_per_image_token",
}
GENAI = {
    "input": "input_mtok", "cache_read": "cache_read_mtok", "cache_write": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok", "output": "output_mtok", "reasoning": "output_reasoning_mtok",
    "input_audio": "input_audio_mtok", "output_audio": "output_audio_mtok",
}


def litellm_rates(entry, prompt, tier, inclusive):
    """Dollars per token from one entry of LiteLLM's map, for a prompt of this size."""
    suffix = {"": "", "batch": "_batches", "flex": "_flex", "priority": "_priority"}[tier]
    sizes = [size for size in (100, 128, 200, 256, 272)
             if any(f"{name}_above_{size}k_tokens" in entry for name in LITELLM.values())
             and (prompt >= size * 1000 if inclusive else prompt > size * 1000)]
    context = f"_above_{max(sizes)}k_tokens" if sizes else ""
    rates = {}
    for kind, name in LITELLM.items():
        for key in (name + context + suffix, name + context, name + suffix, name):
            if entry.get(key) is not None:
                rates[kind] = Decimal(entry[key])
                break
    return rates


def genai_rates(provider, model, time, prompt, tier):
    """Dollars per token from the data of genai-prices, for a moment and a prompt of this size."""
    from genai_prices.data import providers

    models = next(p.models for p in providers if p.id == provider)
    info = next(m for m in models if m.id == model)
    context = {"batch": {"processing": "batch"}}.get(tier)
    prices = info.get_prices(datetime.fromisoformat(time.replace("Z", "+00:00")), context)
    rates = {}
    for kind, name in GENAI.items():
        value = getattr(prices, name, None)
        if value is not None:
            for step in getattr(value, "tiers", []):
                if prompt > step.start:
                    value = step
                    break
            rates[kind] = Decimal(getattr(value, "price", getattr(value, "base", value))) / MILLION
    return rates


def sum_of(rates, counters, units):
    """The exact cost of the counters at these rates and of the units at theirs."""
    count = {kind: counters.get(kind + "_tokens", 0) for kind in TOKENS}
    reasoning = counters.get("reasoning_tokens", 0) if "reasoning" in rates else 0
    count["output"] -= reasoning
    total = reasoning * rates.get("reasoning", 0)
    for kind, number in count.items():
        if number:
            fallback = "input" if kind in ("cache_read", "input_audio", "input_image") else None
            total += number * rates[kind if kind in rates else fallback]
    return total + sum(counters.get(name, 0) * Decimal(price) for name, price in units.items())


def text_of(amount):
    text = format(amount.normalize(), "f")
    return text if amount else "0"


# name, provider, model, time, tier, counters, priced from, units, note
T = "2026-11-20T12:00:00Z"
CASES = [
    ("plain", "openai", "gpt-5", T, "", dict(input_tokens=1234, output_tokens=567), "litellm:gpt-5", {}, ""),
    ("cache read", "openai", "gpt-5", T, "", dict(input_tokens=1000, cache_read_tokens=24000, output_tokens=900,
     reasoning_tokens=500), "litellm:gpt-5", {}, "reasoning is part of output"),
    ("dated name", "openai", "gpt-5-mini-2025-08-07", T, "", dict(input_tokens=7, output_tokens=3),
     "litellm:gpt-5-mini", {}, "the date suffix is normalised away"),
    ("batch", "openai", "gpt-5", T, "batch", dict(input_tokens=100001, output_tokens=9999), "litellm:gpt-5", {}, ""),
    ("flex", "openai", "gpt-5", T, "flex", dict(input_tokens=5000, cache_read_tokens=3000, output_tokens=100),
     "litellm:gpt-5", {}, ""),
    ("priority", "openai", "gpt-5", T, "priority", dict(input_tokens=5000, cache_read_tokens=3000,
     output_tokens=100), "litellm:gpt-5", {}, ""),
    ("at the threshold", "openai", "gpt-5.5", T, "", dict(input_tokens=272000, output_tokens=1000),
     "litellm:gpt-5.5", {}, "272k is not above 272k"),
    ("one above the threshold", "openai", "gpt-5.5", T, "", dict(input_tokens=272001, output_tokens=1000),
     "litellm:gpt-5.5", {}, "the whole request is priced at the tier"),
    ("cache counts for the threshold", "openai", "gpt-5.5", T, "", dict(input_tokens=100000,
     cache_read_tokens=200000, output_tokens=1000), "litellm:gpt-5.5", {}, ""),
    ("tier and flex", "openai", "gpt-5.5", T, "flex", dict(input_tokens=300000, output_tokens=1000),
     "litellm:gpt-5.5", {}, ""),
    ("cache writes of two ages", "openai", "gpt-6.1-sol", T, "", dict(input_tokens=200, cache_read_tokens=4000,
     cache_write_tokens=1000, cache_write_12h_tokens=3000, output_tokens=700), "litellm:gpt-6.1-sol", {},
     "genai-prices has no price for the longer one"),
    ("day before a price cut", "openai", "gpt-5.6-luna", "2026-07-29T23:59:59Z", "", dict(input_tokens=10000,
     cache_read_tokens=5000, output_tokens=2000), "genai:openai/gpt-5.6-luna", {}, ""),
    ("day of a price cut", "openai", "gpt-5.6-luna", "2026-07-30T00:00:00Z", "", dict(input_tokens=10000,
     cache_read_tokens=5000, output_tokens=2000), "genai:openai/gpt-5.6-luna", {}, ""),
    ("o3 before its cut", "openai", "o3", "2025-06-09T12:00:00Z", "", dict(input_tokens=1000, output_tokens=1000),
     "genai:openai/o3", {}, ""),
    ("o3 after its cut", "openai", "o3", "2025-06-10T12:00:00Z", "", dict(input_tokens=1000, output_tokens=1000),
     "genai:openai/o3", {}, ""),
    ("embedding", "openai", "text-embedding-3-small", T, "", dict(input_tokens=812345),
     "litellm:text-embedding-3-small", {}, ""),
    ("audio tokens", "openai", "gpt-4o-audio-preview", T, "", dict(input_tokens=100, output_tokens=50,
     input_audio_tokens=2000, output_audio_tokens=1500), "litellm:gpt-4o-audio-preview-2024-12-17", {},
     "genai-prices has no audio price for it"),
    ("image tokens", "openai", "gpt-image-1", T, "", dict(input_tokens=60, input_image_tokens=323,
     output_image_tokens=4160, images=1), "litellm:gpt-image-1", {}, "the image's tokens are charged, not the image"),
    ("seconds", "openai", "whisper-1", T, "", dict(audio_seconds=95), "litellm:whisper-1",
     {"audio_seconds": "input_cost_per_second"}, "listed in and out at LiteLLM, charged once"),
    ("characters", "openai", "tts-1", T, "", dict(characters=4096), "litellm:tts-1",
     {"characters": "input_cost_per_character"}, ""),
    ("searches", "openai", "gpt-5", T, "", dict(input_tokens=9000, output_tokens=700, searches=3),
     "litellm:gpt-5", {"searches": "0.01"}, ""),
    ("at 200k", "anthropic", "claude-sonnet-4-5", T, "", dict(input_tokens=200000, output_tokens=1000),
     "genai:anthropic/claude-sonnet-4-5", {}, ""),
    ("250k of Sonnet 4.5", "anthropic", "claude-sonnet-4-5", T, "", dict(input_tokens=250000, output_tokens=1000),
     "genai:anthropic/claude-sonnet-4-5", {}, "LiteLLM has dropped the tier above 200k: half the price"),
    ("bracket and date", "anthropic", "claude-sonnet-4-5-20250929[1m]", T, "", dict(input_tokens=1,
     output_tokens=1), "litellm:claude-sonnet-4-5", {}, "the suffixes are normalised away"),
    ("cache writes of both ages", "anthropic", "claude-opus-4-5", T, "", dict(input_tokens=12,
     cache_read_tokens=81234, cache_write_tokens=1500, cache_write_1h_tokens=2500, output_tokens=640),
     "litellm:claude-opus-4-5", {}, ""),
    ("Anthropic batch", "anthropic", "claude-haiku-4-5", T, "batch", dict(input_tokens=33333, output_tokens=777),
     "litellm:claude-haiku-4-5", {}, ""),
    ("over 100k by cache reads", "anthropic", "claude-haiku-5-5", T, "", dict(input_tokens=1000,
     cache_read_tokens=99001, output_tokens=10), "litellm:claude-haiku-5-5", {}, ""),
    ("last day of a tier", "anthropic", "claude-opus-4-6", "2026-03-12T23:00:00Z", "", dict(input_tokens=250000,
     output_tokens=1000), "genai:anthropic/claude-opus-4-6", {}, "LiteLLM knows the present only"),
    ("first day without it", "anthropic", "claude-opus-4-6", "2026-03-13T00:00:00Z", "", dict(input_tokens=250000,
     output_tokens=1000), "genai:anthropic/claude-opus-4-6", {}, ""),
    ("Gemini above 200k", "gcp.gemini", "gemini-2.5-pro", T, "", dict(input_tokens=150001, cache_read_tokens=50000,
     output_tokens=2000, reasoning_tokens=1500), "litellm:gemini/gemini-2.5-pro", {}, ""),
    ("audio in", "gcp.gemini", "models/gemini-2.5-flash", T, "", dict(input_tokens=500, input_audio_tokens=3200,
     output_tokens=120), "litellm:gemini/gemini-2.5-flash", {}, "the prefix is normalised away"),
    ("audio at the text price", "gcp.gemini", "gemini-2.5-pro", T, "", dict(input_tokens=500,
     input_audio_tokens=3200, output_tokens=120), "litellm:gemini/gemini-2.5-pro", {}, "no audio price: input's"),
    ("grounding", "gcp.gemini", "gemini-2.5-flash", T, "", dict(input_tokens=500, output_tokens=120, searches=1),
     "litellm:gemini/gemini-2.5-flash", {"searches": "0.035"}, "free searches are not modelled"),
    ("price known in advance", "gcp.gemini", "gemini-3.8-flash", "2027-01-01T00:00:00Z", "",
     dict(input_tokens=10000, output_tokens=1000), "genai:google/gemini-3.8-flash", {}, ""),
    ("request fee", "perplexity", "sonar", T, "", dict(requests=1, input_tokens=60, output_tokens=480, searches=3),
     "litellm:perplexity/sonar", {"requests": "0.005"}, "low search context; genai-prices takes high: 0.012"),
    ("reasoning apart", "perplexity", "sonar-deep-research", T, "", dict(input_tokens=33, output_tokens=93950,
     reasoning_tokens=86000, searches=28), "litellm:perplexity/sonar-deep-research", {"searches": "0.005"}, ""),
    ("peak hour", "deepseek", "deepseek-flash", "2026-11-17T02:00:00Z", "", dict(input_tokens=10000,
     cache_read_tokens=90000, output_tokens=3000), "litellm:deepseek/deepseek-flash", {}, "a Tuesday"),
    ("off-peak hour", "deepseek", "deepseek-flash", "2026-11-17T05:00:00Z", "", dict(input_tokens=10000,
     cache_read_tokens=90000, output_tokens=3000), "genai:deepseek/deepseek-flash", {}, ""),
    ("peak hour on a Saturday", "deepseek", "deepseek-flash", "2026-11-21T02:00:00Z", "", dict(input_tokens=10000,
     cache_read_tokens=90000, output_tokens=3000), "litellm off-peak:deepseek/deepseek-flash", {},
     "peak hours are on weekdays; genai-prices has them on every day"),
    ("at 200k, xAI", "x_ai", "grok-4.3", T, "", dict(input_tokens=200000, output_tokens=1000),
     "litellm:xai/grok-4.3", {}, "xAI's tier begins at 200k, not above it"),
    ("price per hour", "groq", "whisper-large-v3", T, "", dict(audio_seconds=100), "rounded", {"audio_seconds":
     "0.111/3600"}, "0.111 an hour is 30833333.3 pico-dollars a second, rounded half-even"),
    ("between two prices", "mistral_ai", "mistral-large-4", "2026-10-25T12:00:00Z", "", dict(input_tokens=4000,
     output_tokens=1000), "genai:mistral/mistral-large-4", {}, ""),
    ("premium request", "github", "claude-haiku-4.5", "2026-03-02T12:00:00Z", "", dict(requests=3), "units",
     {"requests": "0.0132"}, "3 requests x 0.33 x 0.04"),
    ("AI credits", "github", "claude-sonnet-4.5", T, "", dict(requests=1, input_tokens=18234, output_tokens=2210,
     credits="12.5"), "units", {"credits": "0.01"}, "credits are charged instead of tokens"),
    ("Copilot tokens", "github", "claude-sonnet-5", T, "", dict(input_tokens=18234, cache_read_tokens=9500,
     cache_write_tokens=1200, output_tokens=2210), "litellm:github_copilot/claude-sonnet-5", {}, ""),
]


def expected(case, data):
    name, provider, model, time, tier, counters, origin, units, _ = case
    prompt = sum(counters.get(kind + "_tokens", 0) for kind in PROMPT)
    kind, _, key = origin.partition(":")
    if kind == "litellm":
        entry = data[key]
        rates = litellm_rates(entry, prompt, tier, provider == "x_ai")
        units = {unit: Decimal(entry[price]) if price in entry else price for unit, price in units.items()}
    elif kind == "litellm off-peak":
        rates = litellm_rates(data[key]["off_peak_pricing"], prompt, tier, False)
    elif kind == "genai":
        rates = genai_rates(*key.split("/", 1), time, prompt, tier)
    elif kind == "rounded":
        rates, units = {}, {u: (Decimal(p.split("/")[0]) / int(p.split("/")[1])).quantize(PICO, ROUND_HALF_EVEN)
                            for u, p in units.items()}
    else:
        return sum(Decimal(counters[u]) * Decimal(p) for u, p in units.items())
    return sum_of(rates, counters, units)


# ---------------------------------------------------------------------------------------------- their calculators


def by_litellm(case):
    """What litellm.cost_per_token says today, or None where it has no such question."""
    import litellm
    from litellm.types.utils import Usage

    name, provider, model, time, tier, c, origin, units, _ = case
    if not origin.startswith("litellm:") and provider != "anthropic":
        return None
    # It prices batches elsewhere, off-peak hours by its own clock, and would log in to GitHub to price Copilot.
    if units or "credits" in c or tier == "batch" or provider in ("deepseek", "github"):
        return None
    prefix = {"gcp.gemini": "gemini/", "x_ai": "xai/", "perplexity": "perplexity/"}.get(provider, "")
    key = origin.split(":", 1)[1] if origin.startswith("litellm:") else prefix + model
    t = {kind: c.get(kind + "_tokens", 0) for kind in TOKENS}
    writes = t["cache_write"] + t["cache_write_1h"]
    prompt, out = sum(t[kind] for kind in PROMPT), t["output"] + t["output_audio"] + t["output_image"]
    if t["cache_write_12h"] or t["input_image"] or t["output_image"]:
        return None
    usage = Usage(
        prompt_tokens=prompt, completion_tokens=out, total_tokens=prompt + out,
        cache_creation_input_tokens=writes, cache_read_input_tokens=t["cache_read"],
        prompt_tokens_details={
            "cached_tokens": t["cache_read"], "text_tokens": t["input"], "audio_tokens": t["input_audio"],
            "cache_creation_tokens": writes,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": t["cache_write"],
                                             "ephemeral_1h_input_tokens": t["cache_write_1h"]},
        },
        completion_tokens_details={"text_tokens": t["output"] - c.get("reasoning_tokens", 0),
                                   "audio_tokens": t["output_audio"],
                                   "reasoning_tokens": c.get("reasoning_tokens", 0)})
    parts = litellm.cost_per_token(model=key, usage_object=usage, service_tier=tier or None)
    return repr(sum(parts))


def by_genai(case):
    """What genai-prices says for that moment, or None where it has no such question."""
    from genai_prices import Usage, calc_price

    name, provider, model, time, tier, c, origin, units, _ = case
    theirs = {"gcp.gemini": "google", "x_ai": "x-ai", "mistral_ai": "mistral", "github": "github-copilot"}
    if "credits" in c or origin == "units" or "characters" in c or tier == "batch" and provider == "groq":
        return None
    t = {kind: c.get(kind + "_tokens", 0) for kind in TOKENS}
    values = dict(input_tokens=sum(t[kind] for kind in PROMPT),
                  output_tokens=t["output"] + t["output_audio"] + t["output_image"],
                  cache_read_tokens=t["cache_read"],
                  cache_write_tokens=t["cache_write"] + t["cache_write_1h"] + t["cache_write_12h"],
                  cache_write_1h_tokens=t["cache_write_1h"], input_audio_tokens=t["input_audio"],
                  output_audio_tokens=t["output_audio"], web_searches=c.get("searches", 0),
                  output_reasoning_tokens=c.get("reasoning_tokens", 0), audio_seconds=c.get("audio_seconds", 0))
    if t["input_image"] or t["output_image"]:
        values.update(input_image_tokens=t["input_image"], output_image_tokens=t["output_image"])
    values = {key: value for key, value in values.items() if value}
    context = {"batch": {"processing": "batch"}, "flex": {"service_tier": "flex"},
               "priority": {"service_tier": "priority"}}.get(tier)
    price = calc_price(Usage(**values), model_ref=model.split("[")[0].removeprefix("models/"),
                       provider_id=theirs.get(provider, provider), price_context=context,
                       genai_request_timestamp=datetime.fromisoformat(time.replace("Z", "+00:00")))
    return text_of(price.total_price)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--litellm", type=Path, required=True)
    parser.add_argument("--calculators", action="store_true")
    options = parser.parse_args()
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # its packaged map, not one fetched from elsewhere
    data = json.loads(options.litellm.read_text(), parse_float=Decimal)
    rows = []
    for case in CASES:
        name, provider, model, time, tier, counters, origin, units, note = case
        row = {"name": name, "provider": provider, "model": model, "time": time}
        if tier:
            row["service_tier"] = tier
        row |= {"counters": {"requests": 1} | counters, "expected_usd": text_of(expected(case, data)),
                "priced_from": origin}
        if options.calculators:
            for key, ask in (("litellm_usd", by_litellm), ("genai_prices_usd", by_genai)):
                try:
                    answer = ask(case)
                except Exception as error:  # whatever another package's calculator stumbles over is no concern of ours
                    print(f"{name}: {key}: {type(error).__name__}: {error}", file=sys.stderr)
                    answer = None
                if answer is not None:
                    row[key] = answer
        if note:
            row["note"] = note
        rows.append(row)
    print(json.dumps({
        "about": "Worked examples, priced by generate.py straight from litellm 1.109.1 and genai-prices 0.2.3. "
                 "litellm_usd and genai_prices_usd are what those packages' own calculators answer.",
        "cases": rows}, indent=1))


if __name__ == "__main__":
    main()
