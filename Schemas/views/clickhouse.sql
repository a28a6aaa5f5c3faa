-- tally's segments as ClickHouse sees them: two views with explicit types.
--
--   tally_lines   every committed or torn line as it lies: repeats, voids and all kinds
--   tally_events  what counts: the winner of each identity, voids left out
--
-- An identity is day, kind and id. Of several lines with one identity the higher revision wins, then the larger
-- weight (requests and all counters, without reasoning_tokens, duration_ms and money), then the greater line, byte
-- by byte. Never add kinds together, and amounts only of one currency.
--
-- Run it with clickhouse-local in the store's folder, or put the folder's path before segments/.

CREATE OR REPLACE VIEW tally_lines AS
SELECT
  JSONExtractString(line, 'id') AS id,
  parseDateTime64BestEffort(JSONExtractString(line, 'time'), 3, 'UTC') AS time,
  toDate(substring(JSONExtractString(line, 'time'), 1, 10)) AS day,
  JSONExtract(line, 'period', 'Nullable(String)') AS period,
  coalesce(JSONExtract(line, 'kind', 'Nullable(String)'), 'usage') AS kind,
  JSONExtract(line, 'provider', 'Nullable(String)') AS "provider",
  JSONExtract(line, 'service', 'Nullable(String)') AS "service",
  JSONExtract(line, 'account', 'Nullable(String)') AS "account",
  JSONExtract(line, 'source', 'Nullable(String)') AS "source",
  JSONExtract(line, 'model', 'Nullable(String)') AS "model",
  JSONExtract(line, 'operation', 'Nullable(String)') AS "operation",
  JSONExtract(line, 'request_type', 'Nullable(String)') AS "request_type",
  JSONExtract(line, 'service_tier', 'Nullable(String)') AS "service_tier",
  JSONExtract(line, 'user', 'Nullable(String)') AS "user",
  JSONExtract(line, 'project', 'Nullable(String)') AS "project",
  JSONExtract(line, 'session', 'Nullable(String)') AS "session",
  coalesce(JSONExtract(line, 'status', 'Nullable(String)'), 'ok') AS status,
  coalesce(JSONExtract(line, 'requests', 'Nullable(Int64)'), if(kind = 'usage', 1, 0)) AS requests,
  JSONExtractInt(line, 'input_tokens') AS input_tokens,
  JSONExtractInt(line, 'cache_read_tokens') AS cache_read_tokens,
  JSONExtractInt(line, 'cache_write_tokens') AS cache_write_tokens,
  JSONExtractInt(line, 'cache_write_1h_tokens') AS cache_write_1h_tokens,
  JSONExtractInt(line, 'cache_write_12h_tokens') AS cache_write_12h_tokens,
  JSONExtractInt(line, 'output_tokens') AS output_tokens,
  JSONExtractInt(line, 'reasoning_tokens') AS reasoning_tokens,
  JSONExtractInt(line, 'input_audio_tokens') AS input_audio_tokens,
  JSONExtractInt(line, 'output_audio_tokens') AS output_audio_tokens,
  JSONExtractInt(line, 'input_image_tokens') AS input_image_tokens,
  JSONExtractInt(line, 'output_image_tokens') AS output_image_tokens,
  JSONExtractInt(line, 'unsplit_tokens') AS unsplit_tokens,
  JSONExtractInt(line, 'images') AS images,
  JSONExtractInt(line, 'audio_seconds') AS audio_seconds,
  JSONExtractInt(line, 'searches') AS searches,
  JSONExtractInt(line, 'characters') AS characters,
  coalesce(toDecimal128OrNull(JSONExtractString(line, 'credits'), 12), toDecimal128(0, 12)) AS credits,
  JSONExtractInt(line, 'duration_ms') AS duration_ms,
  toDecimal128OrNull(JSONExtract(line, 'cost', 'Nullable(String)'), 12) AS cost,
  JSONExtract(line, 'currency', 'Nullable(String)') AS currency,
  JSONExtract(line, 'tokens_remaining', 'Nullable(Int64)') AS tokens_remaining,
  JSONExtract(line, 'tokens_limit', 'Nullable(Int64)') AS tokens_limit,
  JSONExtract(line, 'requests_remaining', 'Nullable(Int64)') AS requests_remaining,
  JSONExtract(line, 'sessions_active', 'Nullable(Int64)') AS sessions_active,
  parseDateTime64BestEffortOrNull(JSONExtractString(line, 'resets_at'), 3, 'UTC') AS resets_at,
  JSONExtractInt(line, 'revision') AS revision,
  JSONExtract(line, 'tags', 'Map(String, String)') AS tags,
  JSONExtractRaw(line, 'metadata') AS metadata,
  line
FROM file('segments/date=*/*.jsonl.zst', 'LineAsString', 'line String', 'zstd');

CREATE OR REPLACE VIEW tally_events AS
WITH
  weighed AS (
    SELECT
      *,
      toInt128(requests)
        + input_tokens + cache_read_tokens + cache_write_tokens + cache_write_1h_tokens
        + cache_write_12h_tokens + output_tokens + input_audio_tokens + output_audio_tokens
        + input_image_tokens + output_image_tokens + unsplit_tokens + images + audio_seconds + searches
        + characters AS weight
    FROM tally_lines
  ),
  ranked AS (
    SELECT
      *,
      row_number() OVER (PARTITION BY day, kind, id ORDER BY revision DESC, weight DESC, line DESC) AS place,
      min(line) OVER (PARTITION BY day, kind, id, revision)
        != max(line) OVER (PARTITION BY day, kind, id, revision) AS is_conflict
    FROM weighed
  )
SELECT
  * EXCEPT (place),
  if(status = 'error', greatest(requests, 1), 0) AS errors,
  -- A failure that used nothing costs nothing; anything else without a cost lacks one: prices are not known here.
  if(
    kind != 'quota' AND isNull(cost) AND NOT (status = 'error' AND weight = requests), greatest(requests, 1), 0
  ) AS unreported_requests
FROM ranked
WHERE place = 1 AND status != 'void';
