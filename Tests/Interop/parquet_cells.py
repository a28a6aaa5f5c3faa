"""Reads and writes Parquet files with other engines, for ParquetTests.

parquet_cells.py read ENGINE FILE      prints {"types": {column: type}, "cells": {column: [text or null]}}
parquet_cells.py write DIRECTORY ROWS  writes files and prints {file: {column: [text or null]}}

A cell's text is a whole number: of milliseconds for times, of days for dates, of 1e-12 for decimals.
"""

import datetime
import decimal
import json
import os
import sys

decimal.getcontext().prec = 60
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def text(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
        return str((moment - EPOCH) // datetime.timedelta(milliseconds=1))
    if isinstance(value, datetime.date):
        return str((value - EPOCH.date()).days)
    if isinstance(value, decimal.Decimal):
        return str(int(value.scaleb(12)))
    return str(value)


def cells(columns):
    return {name: [text(value) for value in values] for name, values in columns.items()}


def read_pyarrow(path):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    types = {field.name: str(field.type) for field in table.schema}
    return types, {name: table.column(name).to_pylist() for name in table.column_names}


def read_duckdb(path):
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = true")
    # pytz is not wanted just for this, so times come as numbers.
    described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
    types = {row[0]: row[1] for row in described}
    wanted = [
        f'epoch_ms("{name}")' if type.startswith("TIMESTAMP") else f'"{name}"' for name, type in types.items()
    ]
    rows = connection.execute(f"SELECT {', '.join(wanted)} FROM read_parquet(?)", [path]).fetchall()
    return types, {name: [row[index] for row in rows] for index, name in enumerate(types)}


def read_polars(path):
    import polars

    frame = polars.read_parquet(path)
    types = {name: str(type) for name, type in frame.schema.items()}
    return types, {name: frame[name].to_list() for name in frame.columns}


def write(directory, count):
    import duckdb
    import pyarrow
    import pyarrow.parquet

    money = [
        None if row % 7 == 3 else decimal.Decimal(row * row - 5000).scaleb(-4) for row in range(count)
    ]
    table = pyarrow.table(
        {
            "int8": pyarrow.array([row % 256 - 128 for row in range(count)], pyarrow.int8()),
            "uint32": pyarrow.array([4_294_967_295 - row for row in range(count)], pyarrow.uint32()),
            "int32": pyarrow.array([(row * 7919) % 100003 - 50000 for row in range(count)], pyarrow.int32()),
            "int64": pyarrow.array([(row * 6364136223846793005) % 2**63 - 2**62 for row in range(count)]),
            "maybe": pyarrow.array([None if row % 5 == 0 else row // 9 for row in range(count)], pyarrow.int64()),
            "later": pyarrow.array([None if row > count / 2 else row for row in range(count)], pyarrow.int64()),
            "never": pyarrow.array([None] * count, pyarrow.int64()),
            "zero": pyarrow.array([0] * count, pyarrow.int64()),
            "time": pyarrow.array(
                [1_760_000_000_000 + row * 60_000 for row in range(count)], pyarrow.timestamp("ms", "UTC")
            ),
            "micros": pyarrow.array(
                [1_760_000_000_000_000 - row * 7_000 for row in range(count)], pyarrow.timestamp("us", "UTC")
            ),
            "day": pyarrow.array([row - 1000 for row in range(count)], pyarrow.int32()).cast(pyarrow.date32()),
            "model": pyarrow.array([None if row % 11 == 0 else f"modèl {row % 17}" for row in range(count)]),
            "session": pyarrow.array([f"session-{row * 7919 % 2999}" for row in range(count)]),
            "flag": pyarrow.array([None if row % 13 == 0 else row % 3 == 0 for row in range(count)]),
            "money": pyarrow.array(money, pyarrow.decimal128(38, 12)),
            "cents": pyarrow.array(
                [decimal.Decimal(row - 1500).scaleb(-2) for row in range(count)], pyarrow.decimal128(9, 2)
            ),
        }
    )
    required = pyarrow.schema([pyarrow.field(field.name, field.type, field.name in
        ("maybe", "later", "never", "model", "flag", "money")) for field in table.schema])
    table = table.cast(required)
    written = {}

    def add(name, **options):
        pyarrow.parquet.write_table(table, os.path.join(directory, name), **options)
        written[name] = cells({column: table.column(column).to_pylist() for column in table.column_names})

    add("arrow-plain.parquet", compression="none", use_dictionary=False)
    add("arrow-zstd.parquet", compression="zstd", row_group_size=700)
    add("arrow-v2-pages.parquet", compression="zstd", data_page_version="2.0", data_page_size=256,
        write_batch_size=64)
    add("arrow-v1-pages.parquet", compression="none", version="1.0", data_page_size=256, write_batch_size=64,
        dictionary_pagesize_limit=128, coerce_timestamps="ms")
    add("arrow-decimal-integers.parquet", compression="zstd", store_decimal_as_integer=True)
    numbers = ("int8", "uint32", "int32", "int64", "maybe", "later", "never", "zero", "time", "micros", "day")
    encodings = {name: "DELTA_BINARY_PACKED" for name in numbers}
    encodings |= {"flag": "RLE", "model": "DELTA_LENGTH_BYTE_ARRAY", "session": "DELTA_LENGTH_BYTE_ARRAY"}
    add("arrow-delta.parquet", compression="none", use_dictionary=False, column_encoding=encodings)

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.register("arrow_table", table)
    for name, options in {
        "duckdb-zstd.parquet": "COMPRESSION zstd, ROW_GROUP_SIZE 2048",
        "duckdb-plain.parquet": "COMPRESSION uncompressed",
        "duckdb-v2.parquet": "COMPRESSION zstd, PARQUET_VERSION v2",
    }.items():
        path = os.path.join(directory, name)
        connection.execute(f"COPY (SELECT * FROM arrow_table) TO '{path}' (FORMAT parquet, {options})")
        written[name] = cells({column: table.column(column).to_pylist() for column in table.column_names})

    # These two are checked where they are installed.
    try:
        import polars

        frame = polars.read_parquet(os.path.join(directory, "arrow-plain.parquet"))
        frame.write_parquet(os.path.join(directory, "polars.parquet"), row_group_size=1000)
        written["polars.parquet"] = written["arrow-plain.parquet"]
    except ImportError:
        pass
    try:
        import chdb

        source = os.path.join(directory, "arrow-plain.parquet")
        path = os.path.join(directory, "clickhouse.parquet")
        chdb.query(
            f"INSERT INTO FUNCTION file('{path}', Parquet) SELECT * FROM file('{source}', Parquet)"
            " SETTINGS max_threads = 1, input_format_parquet_preserve_order = 1,"
            " output_format_parquet_compression_method = 'zstd'"
        )
        written["clickhouse.parquet"] = written["arrow-plain.parquet"]
    except ImportError:
        pass
    return written


def main():
    if sys.argv[1] == "write":
        print(json.dumps(write(sys.argv[2], int(sys.argv[3]))))
        return
    reader = {"pyarrow": read_pyarrow, "duckdb": read_duckdb, "polars": read_polars}[sys.argv[2]]
    types, columns = reader(sys.argv[3])
    print(json.dumps({"types": types, "cells": cells(columns)}))


main()
