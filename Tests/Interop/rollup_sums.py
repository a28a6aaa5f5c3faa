"""Sums of a store as other engines see them, for CompactionTests; prints JSON.

rollup_sums.py rollups ENGINE STORE    {kind: {"types": {column: type}, "sums": {column: text}, "rows": count}}
rollup_sums.py view SQL STORE          [[day, kind, model, currency, {measure: text}]] of tally_events, sorted
rollup_sums.py lines STORE             how many lines the engine sees without any view, and their input tokens

A sum's text is a plain decimal; amounts have twelve digits behind the point.
"""

import decimal
import glob
import json
import os
import sys

decimal.getcontext().prec = 60
MEASURES = """requests input_tokens cache_read_tokens cache_write_tokens cache_write_1h_tokens cache_write_12h_tokens
output_tokens reasoning_tokens input_audio_tokens output_audio_tokens input_image_tokens output_image_tokens
unsplit_tokens images audio_seconds searches characters duration_ms errors unreported_requests""".split()


def text(value):
    return "0" if value is None else format(value, "f") if isinstance(value, decimal.Decimal) else str(value)


def pyarrow_sums(paths):
    import pyarrow
    import pyarrow.compute
    import pyarrow.parquet

    # One file at a time: a dataset would add the folder's date= as a column.
    table = pyarrow.concat_tables([pyarrow.parquet.ParquetFile(path).read() for path in paths])
    types = {field.name: str(field.type) for field in table.schema}
    sums = {}
    for field in table.schema:
        if str(field.type) == "int64" or str(field.type).startswith("decimal"):
            sums[field.name] = text(sum((value for value in table[field.name].to_pylist() if value is not None), 0))
    return {"types": types, "sums": sums, "rows": table.num_rows}


def duckdb_sums(paths):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    source = "read_parquet(?, hive_partitioning = false)"
    types = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}", [paths]).fetchall()}
    names = [name for name, type in types.items() if type == "BIGINT" or type.startswith("DECIMAL")]
    wanted = ", ".join(f'sum("{name}")' for name in names)
    row = connection.execute(f"SELECT count(*), {wanted} FROM {source}", [paths]).fetchone()
    return {"types": types, "sums": dict(zip(names, map(text, row[1:]))), "rows": row[0]}


def rollups(engine, store):
    sums = {"pyarrow": pyarrow_sums, "duckdb": duckdb_sums}[engine]
    return {
        kind: sums(sorted(glob.glob(f"{store}/rollups/{kind}/date=*/*.parquet")))
        for kind in ("minute", "day", "session")
    }


def view(sql, store):
    import duckdb

    os.chdir(store)
    connection = duckdb.connect()
    with open(sql, encoding="utf-8") as file:
        connection.execute(file.read())
    sums = ", ".join(f"sum({name})" for name in MEASURES)
    rows = connection.execute(
        f"""SELECT day, kind, model, if(cost IS NULL, NULL, currency), {sums}, sum(credits), sum(cost),
          count(*) FILTER (is_conflict)
        FROM tally_events WHERE kind <> 'quota' GROUP BY ALL"""
    ).fetchall()
    names = MEASURES + ["credits", "cost_reported", "conflicts"]
    found = [[str(row[0]), *row[1:4], dict(zip(names, map(text, row[4:])))] for row in rows]
    return sorted(found, key=lambda row: [(part or "").encode() for part in row[:4]])


def lines(store):
    import duckdb

    row = duckdb.execute(
        "SELECT count(*), sum(input_tokens)::VARCHAR FROM read_json(?, columns = {'input_tokens': 'BIGINT'})",
        [f"{store}/segments/**/*.jsonl.zst"],
    ).fetchone()
    return {"lines": row[0], "input_tokens": row[1]}


print(json.dumps({"rollups": rollups, "view": view, "lines": lines}[sys.argv[1]](*sys.argv[2:])))
