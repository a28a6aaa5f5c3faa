"""Reads TOML with Python's own reader and compares with what tally's reader made of it.

usage: toml_values.py             lines of JSON on standard input: [document in base64, values or null]
       toml_values.py --is-there  ends well if there is a reader

Prints each document that is refused by one only, or says something else to each. Nothing printed: they agree.
"""

import base64
import json
import math
import re
import sys

try:
    import tomllib
except ImportError:
    # Before Python 3.11 it is only inside of pip.
    from pip._vendor import tomli as tomllib


def loads(document):
    # TOML 1.0 says nothing about byte order marks; tally skips one.
    text = document.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    return tomllib.loads(text)


def is_beyond(value):
    """Whether a value is too large for 64 bits."""
    if isinstance(value, dict):
        return any(map(is_beyond, value.values()))
    if isinstance(value, list):
        return any(map(is_beyond, value))
    return type(value) is int and not -(2**63) <= value < 2**63


def depth(value):
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


def table_equals(pairs, value):
    return (
        type(value) is dict
        and [key for key, _ in pairs] == list(value)
        and all(equals(ours, theirs) for (_, ours), theirs in zip(pairs, value.values()))
    )


def equals(ours, theirs):
    ((kind, value),) = ours.items()
    if kind == "table":
        return table_equals(value, theirs)
    if kind == "array":
        return type(theirs) is list and len(value) == len(theirs) and all(map(equals, value, theirs))
    if kind == "float":
        return type(theirs) is float and (float(value) == theirs or math.isnan(float(value)) and math.isnan(theirs))
    if kind == "moment":
        again = tomllib.loads("x = " + value)["x"]
        return type(theirs) is type(again) and theirs == again
    return type(theirs) is {"text": str, "integer": int, "boolean": bool}[kind] and theirs == value


def difference(document, ours):
    try:
        theirs = loads(document)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        # Python's calendar has neither leap seconds nor a year 0.
        if re.search(rb":[0-5][0-9]:60|0000-", document):
            return None
        return None if ours is None else f"only tally reads it: {error}"
    except ValueError:
        # A date that is none, in some versions.
        return None if ours is None else "only tally reads it"
    if ours is None:
        # More digits than 64 bits hold, or deeper than tally reads.
        return None if is_beyond(theirs) or depth(theirs) > 64 else f"only Python reads it: {theirs}"
    return None if table_equals(ours, theirs) else f"Python reads {theirs}, tally {ours}"


def main():
    for line in sys.stdin:
        encoded, ours = json.loads(line)
        document = base64.b64decode(encoded)
        found = difference(document, ours)
        if found:
            print(f"{document!r}: {found}")


if "--is-there" not in sys.argv:
    main()
