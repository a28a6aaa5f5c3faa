"""Random usage of every chat, embedding and image model that LiteLLM has a price for, and what LiteLLM says it costs.

usage: litellm_costs.py map          prints the path of the installed package's price map
       litellm_costs.py SEED         prints a line a case, fields separated by tabs:
           key  provider  service tier  time (ms)  cost or "error: …"  counter=number …

Counters have tally's names and are disjoint. A counter is only drawn where both sides have a rule for it: what has no
price is unknown to tally and free to LiteLLM, so output, cache writes for an hour or more, generated audio and images
are drawn where the map prices them. LiteLLM counts everything in `prompt_tokens` and says what it was in details.
"""

import datetime
import json
import os
import random
import re
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

MODES = {"chat", "completion", "responses", "embedding", "image_generation", "image_edit"}
SERVICE_TIERS = {"batches": "batch"} | {name: name for name in ("flex", "priority", "ultrafast", "balanced")}
# Inside the peak hours of every model that has such.
PEAK = datetime.datetime(2026, 11, 18, 8, tzinfo=datetime.timezone.utc)


def price_map():
    import importlib.util

    package = importlib.util.find_spec("litellm")
    if package is None:
        sys.exit(1)
    return os.path.join(os.path.dirname(package.origin), "model_prices_and_context_window_backup.json")


def priced(entry, name):
    """Whether any field that begins so has a price."""
    return any(key.startswith(name) and value is not None for key, value in entry.items()) or any(
        part.get(name) is not None for part in entry.get("tiered_pricing") or []
    )


def thresholds(entry):
    found = {int(n) * 1000 for key in entry for n in re.findall(r"_above_(\d+)k_tokens", key)}
    found |= {int(part["range"][0]) for part in entry.get("tiered_pricing") or [] if part.get("range")}
    return sorted(found - {0})


def tiers(entry):
    found = {tier for suffix, tier in SERVICE_TIERS.items() for key in entry if key.endswith("_" + suffix)}
    return [None, *sorted(found)]


def prompts(entry, rng):
    """Sizes of prompts: small ones, and around every threshold."""
    sizes = [rng.randint(1, 30_000)]
    for threshold in thresholds(entry):
        sizes += [threshold, threshold + 1, threshold + rng.randint(2, 100_000)]
    return sizes


def split(total, names, rng):
    """A random share of `total` for every name; the rest stays."""
    shares = {}
    for name in names:
        shares[name] = rng.randint(0, total) if rng.random() < 0.6 else 0
        total -= shares[name]
    return shares, total


def is_request_fee(entry):
    """Where the size of the search context decides, Perplexity's price is of the request, and tally has it so."""
    sizes = entry.get("search_context_cost_per_query") or {}
    return entry["litellm_provider"] == "perplexity" and len(set(sizes.values())) > 1


def token_case(entry, prompt, tier, rng):
    kinds = ["cache_read_tokens", "cache_write_tokens", "input_audio_tokens", "input_image_tokens"]
    if tier == "batch":
        kinds = kinds[:2]
    if priced(entry, "cache_creation_input_token_cost_above_1hr"):
        kinds.append("cache_write_1h_tokens")
    if priced(entry, "cache_creation_input_token_cost_above_12hr"):
        kinds.append("cache_write_12h_tokens")
    if entry["mode"] == "embedding":
        kinds = []
    if entry["mode"].startswith("image_"):
        kinds = ["input_image_tokens"]
    counters = {}
    if priced(entry, "input_cost_per_token"):
        counters, counters["input_tokens"] = split(prompt, rng.sample(kinds, len(kinds)), rng)
    if priced(entry, "output_cost_per_token") and entry["mode"] != "embedding":
        counters["output_tokens"] = rng.randint(1, 20_000)
        counters["reasoning_tokens"] = rng.randint(0, counters["output_tokens"]) if rng.random() < 0.5 else 0
    if priced(entry, "output_cost_per_audio_token") and rng.random() < 0.5 and tier is None:
        counters["output_audio_tokens"] = rng.randint(1, 5_000)
    if priced(entry, "output_cost_per_image_token"):
        counters["output_image_tokens"] = rng.randint(1, 5_000)
    if entry["litellm_provider"] == "perplexity" and priced(entry, "search_context") and not is_request_fee(entry):
        counters["searches"] = rng.randint(0, 3)
    return {name: count for name, count in counters.items() if count}


def usage_of(counters):
    from litellm.types.utils import (
        CacheCreationTokenDetails,
        CompletionTokensDetailsWrapper,
        PromptTokensDetailsWrapper,
        Usage,
    )

    def count(*names):
        return sum(counters.get(name, 0) for name in names)

    writes = ("cache_write_tokens", "cache_write_1h_tokens", "cache_write_12h_tokens")
    prompt = count("input_tokens", "cache_read_tokens", *writes, "input_audio_tokens", "input_image_tokens")
    completion = count("output_tokens", "output_audio_tokens", "output_image_tokens")
    details = PromptTokensDetailsWrapper(
        text_tokens=count("input_tokens"),
        cached_tokens=count("cache_read_tokens"),
        audio_tokens=count("input_audio_tokens"),
        image_tokens=count("input_image_tokens"),
        cache_creation_tokens=count(*writes),
        cache_creation_token_details=CacheCreationTokenDetails(
            ephemeral_5m_input_tokens=count("cache_write_tokens"),
            ephemeral_1h_input_tokens=count("cache_write_1h_tokens"),
            ephemeral_12h_input_tokens=count("cache_write_12h_tokens"),
        ),
    )
    if "searches" in counters:
        details.web_search_requests = counters["searches"]
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=prompt + completion,
        prompt_tokens_details=details,
        completion_tokens_details=CompletionTokensDetailsWrapper(
            text_tokens=count("output_tokens") - count("reasoning_tokens"),
            reasoning_tokens=count("reasoning_tokens"),
            audio_tokens=count("output_audio_tokens"),
            image_tokens=count("output_image_tokens"),
        ),
    )


def token_cost(key, route, entry, counters, tier):
    import litellm

    call = "embedding" if entry["mode"] == "embedding" else "completion"
    if is_request_fee(entry):
        counters = counters | {"searches": 1}
    if tier == "batch":
        call, tier = "aretrieve_batch", None
    usage = usage_of(counters)
    return sum(
        litellm.cost_per_token(
            model=key,
            custom_llm_provider=route,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            usage_object=usage,
            call_type=call,
            service_tier=tier,
        )
    )


def image_cost(key, route, count):
    import litellm
    from litellm.types.utils import ImageObject, ImageResponse

    size = re.search(r"\d+-x-\d+", key)
    response = ImageResponse(data=[ImageObject(url="-") for _ in range(count)])
    return litellm.completion_cost(
        completion_response=response,
        model=key,
        custom_llm_provider=route,
        call_type="image_generation",
        size=size.group() if size else None,
        n=count,
    )


def search_cost(key, route, count):
    from litellm.litellm_core_utils.llm_cost_calc.tool_call_cost_tracking import StandardBuiltInToolCostTracking
    from litellm.types.utils import PromptTokensDetailsWrapper, ServerToolUse, Usage

    usage = Usage(
        prompt_tokens_details=PromptTokensDetailsWrapper(web_search_requests=count),
        server_tool_use=ServerToolUse(web_search_requests=count),
    )
    usage.server_side_tool_usage_details = {"web_search_calls": count}  # xAI's word for it
    return StandardBuiltInToolCostTracking.get_cost_for_built_in_tools(
        model=key, response_object=None, usage=usage, custom_llm_provider=route
    )


def cases(entry, rng):
    """(service tier, counters) of one entry."""
    is_searching = entry["mode"] in ("chat", "responses") and entry["litellm_provider"] != "perplexity"
    if is_searching and entry.get("search_context_cost_per_query"):
        yield None, {"searches": rng.randint(1, 5)}
    per_token = any(priced(entry, f"{side}_cost_per_token") for side in ("input", "output")) or priced(
        entry, "output_cost_per_image_token"
    )
    if entry["mode"].startswith("image_") and not per_token:
        if entry.get("output_cost_per_image") is not None or entry.get("input_cost_per_image") is not None:
            yield None, {"images": rng.randint(1, 9)}
        return
    for tier in tiers(entry):
        for prompt in prompts(entry, rng):
            yield tier, token_case(entry, prompt, tier, rng)


def time_of(entry, rng):
    off_peak = entry.get("off_peak_pricing")
    if off_peak is None or "weekday_timezone" in off_peak:
        return PEAK
    return PEAK + datetime.timedelta(minutes=rng.randint(0, 7 * 24 * 60))


def main(seed):
    import litellm
    from litellm._internal_context import pinned_billing_time

    litellm.suppress_debug_info = True
    rng = random.Random(seed)
    with open(price_map(), encoding="utf-8") as file:
        entries = json.load(file)
    for key, entry in entries.items():
        provider = entry.get("litellm_provider")
        if key == "sample_spec" or provider is None or entry.get("mode") not in MODES:
            continue
        # LiteLLM's routes; an entry's `litellm_provider` is finer than they are.
        route = "vertex_ai" if provider.startswith("vertex_ai") else provider.removesuffix("_converse")
        for tier, counters in cases(entry, rng):
            time = time_of(entry, rng)
            try:
                with pinned_billing_time(time):
                    if "images" in counters:
                        cost = repr(image_cost(key, route, counters["images"]))
                    elif list(counters) == ["searches"]:
                        cost = repr(search_cost(key, route, counters["searches"]))
                    else:
                        cost = repr(token_cost(key, route, entry, counters, tier))
            except Exception as error:  # whatever it raises is what it says
                cost = "error: " + " ".join(str(error).split())[:160]
            words = " ".join(f"{name}={count}" for name, count in counters.items())
            print(key, provider, tier or "", int(time.timestamp() * 1000), cost, words, sep="\t")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "map":
        print(price_map())
    else:
        main(int(sys.argv[1]))
