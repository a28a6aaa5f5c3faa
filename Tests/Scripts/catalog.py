#!/usr/bin/env python3
"""Checks the built-in price catalog, and holds it beside other people's price files.

usage: catalog.py check [CATALOG]
       catalog.py compare --litellm FILE | --models-dev FILE | --genai  [--on DATE] [CATALOG]

  check     everything Schemas/catalog.schema.json cannot say (and the schema itself, where Python has jsonschema):
            no floating-point number, canonical decimals, unique names, periods in order, known sources.
            Exit code 0 clean, 1 problems.
  compare   lists where the catalog and a price file disagree on a standard token price of DATE (today), and which of
            that file's models of our providers the catalog lacks. Nothing is taken over: a person decides.

  --litellm FILE      LiteLLM's model_prices_and_context_window.json (in its Python package: ..._backup.json)
  --models-dev FILE   https://models.dev/api.json
  --genai             the installed Python package genai-prices
  CATALOG             default: Sources/CCatalog/catalog.json
"""
import argparse
import json
import re
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AMOUNT = re.compile(r"(0|[1-9]\d{0,11})(\.\d{0,11}[1-9])?")
DATE_SUFFIX = re.compile(r"(-\d{4}-\d{2}-\d{2}|-20\d{6}|@20\d{6})$")
# provider -> names at LiteLLM, models.dev and genai-prices
NAMES = {
    "openai": ("openai", "openai", "openai"),
    "anthropic": ("anthropic", "anthropic", "anthropic"),
    "gcp.gemini": ("gemini", "google", "google"),
    "groq": ("groq", "groq", "groq"),
    "perplexity": ("perplexity", "perplexity", "perplexity"),
    "mistral_ai": ("mistral", "mistral", "mistral"),
    "x_ai": ("xai", "xai", "x-ai"),
    "deepseek": ("deepseek", "deepseek", "deepseek"),
    "github": ("github_copilot", "github-copilot", "github-copilot"),
}
LITELLM_FIELDS = {
    "input": "input_cost_per_token", "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "cache_write_12h": "cache_creation_input_token_cost_above_12hr",
    "output": "output_cost_per_token", "reasoning": "output_cost_per_reasoning_token",
    "input_audio": "input_cost_per_audio_token", "output_audio": "output_cost_per_audio_token",
    "input_image": "input_cost_per_image_token", "output_image": "output_cost_per_image_token",
}
GENAI_FIELDS = {
    "input": "input_mtok", "cache_read": "cache_read_mtok", "cache_write": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok", "output": "output_mtok", "reasoning": "output_reasoning_mtok",
    "input_audio": "input_audio_mtok", "output_audio": "output_audio_mtok", "input_image": "input_image_mtok",
    "output_image": "output_image_mtok",
}


# ---------------------------------------------------------------------------------------------- check


def walk(value, path="$"):
    """Every value in a JSON document with its path."""
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from walk(child, f"{path}.{key}")


def moment(text):
    """A day or minute as something that sorts."""
    return text if "T" in text else text + "T00:00Z"


def check_periods(where, periods):
    """Only the first may lack `from`; each begins after the one before it has ended."""
    last = ""
    for index, period in enumerate(periods):
        start = moment(period["from"]) if "from" in period else ""
        if index and not start:
            yield f"{where}: period {index} has no from"
        if index and start <= last:
            yield f"{where}: period {index} begins before the one before it has ended"
        last = max(start, moment(period["until"]) if "until" in period else start)
        if "until" in period and last <= start:
            yield f"{where}: period {index} ends before it begins"


def check_tables(where, period):
    """Tiers, service tiers and windows price only what the standard table prices, thresholds ascending."""
    standard = set(period.get("per_million_tokens", {}))
    tables = [("", period), *period.get("service_tiers", {}).items()]
    for name, table in tables:
        limits = [tier["above_input_tokens"] for tier in table.get("tiers", [])]
        if limits != sorted(set(limits)):
            yield f"{where} {name}: thresholds are not ascending"
        for part in [table, *table.get("tiers", [])]:
            for key in set(part.get("per_million_tokens", {})) - standard:
                yield f"{where} {name}: {key} has no standard price"
    for window in period.get("windows", []):
        for key in set(window["per_million_tokens"]) ^ standard:
            yield f"{where}: {key} is in a window or in the standard table, but not in both"
    if len({"audio_second", "audio_minute", "audio_hour"} & set(period.get("per_unit", {}))) > 1:
        yield f"{where}: audio is priced in two units"


def check_provenance(where, entry, sources, used):
    """Known sources only, and `verified` only beside a page of the provider's own."""
    for source in entry["source"]:
        used.add(source)
        if source not in sources:
            yield f"{where}: unknown source {source}"
    own = [s for s in entry["source"] if sources.get(s, {}).get("kind") == "provider_page"
           or sources.get(s, {}).get("provider_page")]
    if entry.get("verified") and not own:
        yield f"{where}: verified, but no source is the provider's own page"


def problems(catalog):
    for path, value in walk(catalog):
        if isinstance(value, float):
            yield f"{path}: {value!r} is a floating-point number"
        parent = path.rsplit(".", 1)[0]
        if parent.endswith(("per_million_tokens", "per_unit")) or path.endswith(("price", "credits_per_request")):
            if isinstance(value, str) and not AMOUNT.fullmatch(value):
                yield f"{path}: {value!r} is not a canonical decimal"
    sources, used, names = catalog["sources"], set(), {}
    known = {provider["id"] for provider in catalog["providers"]}
    words = [word for p in catalog["providers"] for word in [p["id"], *p.get("aliases", [])]]
    for word in {word for word in words if words.count(word) > 1}:
        yield f"provider {word}: named twice"
    for provider in catalog["providers"]:
        where = provider["id"] + " credits"
        yield from check_periods(where, provider.get("credits", []))
        for entry in provider.get("credits", []):
            yield from check_provenance(where, entry, sources, used)
    for model in catalog["models"]:
        where = f'{model["provider"]} {model["model"]}'
        if model["provider"] not in known:
            yield f"{where}: unknown provider"
        for name in [model["model"], *model.get("aliases", [])]:
            if name != name.lower() or " " in name:
                yield f"{where}: {name!r} would never match a normalised name"
            other = names.setdefault((model["provider"], name), where)
            if other is not where:
                yield f"{where}: {name} also belongs to {other}"
        yield from check_periods(where, model["prices"])
        for period in model["prices"]:
            yield from check_tables(where, period)
            yield from check_provenance(where, period, sources, used)
    for plan in catalog.get("plans", []):
        yield from check_periods(plan["id"], plan["prices"])
        for entry in plan["prices"]:
            yield from check_provenance(plan["id"], entry, sources, used)
    for source in sorted(set(sources) - used):
        yield f"source {source}: nothing uses it"
    yield from schema_problems(catalog)


def schema_problems(catalog):
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        print("catalog.py: jsonschema is not installed, so the schema was not checked", file=sys.stderr)
        return
    schema = json.loads((ROOT / "Schemas/catalog.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    for error in Draft202012Validator(schema).iter_errors(catalog):
        yield f"{error.json_path}: {error.message[:160]}"


# ---------------------------------------------------------------------------------------------- compare


def prices_on(model, day):
    """The token prices in force at noon UTC: the standard table first, then those of hours; and the tiers."""
    now = f"{day}T12:00Z"
    found = None
    for period in model["prices"]:
        if "from" not in period or moment(period["from"]) <= now:
            found = None if "until" in period and moment(period["until"]) <= now else period
    if found is None or "per_million_tokens" not in found:
        return [], {}
    tables = [{key: Decimal(value) for key, value in part["per_million_tokens"].items()}
              for part in [found, *found.get("windows", [])]]
    tiers = {tier["above_input_tokens"]: {k: Decimal(v) for k, v in tier["per_million_tokens"].items()}
             for tier in found.get("tiers", [])}
    return tables, tiers


def from_litellm(path, _):
    data = json.loads(Path(path).read_text(), parse_float=Decimal)
    for provider, (name, _, _) in NAMES.items():
        for key, entry in data.items():
            if entry.get("litellm_provider") != name:
                continue
            table = {ours: Decimal(entry[theirs]) * 10**6 for ours, theirs in LITELLM_FIELDS.items()
                     if isinstance(entry.get(theirs), (int, Decimal))}
            tiers = {}
            for ours, theirs in LITELLM_FIELDS.items():
                for size in (32, 100, 128, 200, 256, 272, 512):
                    value = entry.get(f"{theirs}_above_{size}k_tokens")
                    if isinstance(value, (int, Decimal)):
                        limit = size * 1000 - (provider == "x_ai")  # xAI's tier begins at the limit
                        tiers.setdefault(limit, {})[ours] = Decimal(value) * 10**6
            yield provider, key.removeprefix(name + "/"), table, tiers


def from_models_dev(path, _):
    data = json.loads(Path(path).read_text(), parse_float=Decimal)
    fields = ("input", "output", "reasoning", "cache_read", "cache_write", "input_audio", "output_audio")
    for provider, (_, name, _) in NAMES.items():
        for key, entry in data.get(name, {}).get("models", {}).items():
            cost = entry.get("cost")
            if not cost:
                continue
            tiers = {tier["tier"]["size"]: {f: Decimal(tier[f]) for f in fields if f in tier}
                     for tier in cost.get("tiers", []) if tier["tier"].get("type", "context") == "context"}
            yield provider, key, {f: Decimal(cost[f]) for f in fields if f in cost}, tiers


def from_genai(_, day):
    from genai_prices.data import providers

    noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc)
    for provider, (_, _, name) in NAMES.items():
        for model in next((p.models for p in providers if p.id == name), []):
            prices, table, tiers = model.get_prices(noon), {}, {}
            for ours, theirs in GENAI_FIELDS.items():
                value = getattr(prices, theirs, None)
                if value is None:
                    continue
                table[ours] = getattr(value, "base", value)
                for tier in getattr(value, "tiers", []):
                    tiers.setdefault(tier.start, {})[ours] = tier.price
            yield provider, model.id, table, tiers


def differences(ours, theirs):
    """What both name and price differently. What one leaves out, the catalog's fallback rules may still price."""
    for key in ours.keys() & theirs.keys():
        if ours[key] != theirs[key]:
            yield f"{key} {ours[key].normalize():f} there {theirs[key].normalize():f}"


def compare(catalog, rows, day):
    index = {(m["provider"], name): m for m in catalog["models"] for name in [m["model"], *m.get("aliases", [])]}
    agree, differ, missing = 0, [], []
    for provider, name, table, tiers in rows:
        if not any(table.values()):
            continue
        model = index.get((provider, name)) or index.get((provider, DATE_SUFFIX.sub("", name)))
        mine, my_tiers = prices_on(model, day) if model else ([], {})
        if not mine:
            missing.append(f"{provider} {name}")
            continue
        found = min((sorted(differences(part, table)) for part in mine), key=len)
        for limit in sorted(my_tiers.keys() | tiers.keys()):
            if limit not in tiers or limit not in my_tiers:
                found.append(f"tier above {limit} only {'here' if limit in my_tiers else 'there'}")
            else:
                found += [f"above {limit} {text}" for text in sorted(differences(my_tiers[limit], tiers[limit]))]
        agree += not found
        if found:
            differ.append(f"{provider} {name}: " + "; ".join(found))
    print(f"{agree} agree, {len(differ)} differ, {len(missing)} are not in the catalog or have no price on {day}")
    for line in differ:
        print("  differs  " + line)
    for line in missing:
        print("  lacking  " + line)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ", 1)[1].split("\n\n", 1)[0], add_help=False)
    parser.add_argument("command", nargs="?", choices=["check", "compare"])
    parser.add_argument("catalog", nargs="?", default=ROOT / "Sources/CCatalog/catalog.json")
    parser.add_argument("--litellm")
    parser.add_argument("--models-dev")
    parser.add_argument("--genai", action="store_true")
    parser.add_argument("--on", type=date.fromisoformat, default=datetime.now(timezone.utc).date())
    parser.add_argument("-h", "--help", action="store_true")
    options = parser.parse_args()
    if options.help or not options.command:
        print(__doc__)
        return 0 if options.help else 64
    catalog = json.loads(Path(options.catalog).read_text())
    if options.command == "check":
        found = list(problems(catalog))
        for line in found:
            print("catalog.py: " + line, file=sys.stderr)
        print(f'{len(catalog["models"])} models, {sum(len(m["prices"]) for m in catalog["models"])} prices, '
              f"{len(found)} problems")
        return 1 if found else 0
    readers = [(from_litellm, options.litellm), (from_models_dev, options.models_dev), (from_genai, options.genai)]
    chosen = [(read, path) for read, path in readers if path]
    if len(chosen) != 1:
        print("catalog.py: compare needs one of --litellm, --models-dev, --genai", file=sys.stderr)
        return 64
    compare(catalog, chosen[0][0](chosen[0][1], options.on), options.on)
    return 0


if __name__ == "__main__":
    sys.exit(main())
