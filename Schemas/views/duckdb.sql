-- tally's segments as DuckDB sees them: two views with explicit types.
--
--   tally_lines   every committed or torn line as it lies: repeats, voids and all kinds
--   tally_events  what counts: the winner of each identity, voids left out
--
-- An identity is day, kind and id. Of several lines with one identity the higher revision wins, then the larger
-- weight (requests and all counters, without reasoning_tokens, duration_ms and money), then the greater line, byte
-- by byte. Never add kinds together, and amounts only of one currency.
--
-- Run it in the store's folder, or put the folder's path before segments/.

CREATE OR REPLACE VIEW tally_lines AS
SELECT
  json ->> '$.id' AS id,
  strptime(json ->> '$.time', '%Y-%m-%dT%H:%M:%S.%gZ')::TIMESTAMP AS time,
  (json ->> '$.time')[:10]::DATE AS day,
  json ->> '$.period' AS period,
  coalesce(json ->> '$.kind', 'usage') AS kind,
  json ->> '$.provider' AS "provider",
  json ->> '$.service' AS "service",
  json ->> '$.account' AS "account",
  json ->> '$.source' AS "source",
  json ->> '$.model' AS "model",
  json ->> '$.operation' AS "operation",
  json ->> '$.request_type' AS "request_type",
  json ->> '$.service_tier' AS "service_tier",
  json ->> '$.user' AS "user",
  json ->> '$.project' AS "project",
  json ->> '$.session' AS "session",
  coalesce(json ->> '$.status', 'ok') AS status,
  coalesce((json ->> '$.requests')::BIGINT, if(coalesce(json ->> '$.kind', 'usage') = 'usage', 1, 0)) AS requests,
  coalesce((json ->> '$.input_tokens')::BIGINT, 0) AS input_tokens,
  coalesce((json ->> '$.cache_read_tokens')::BIGINT, 0) AS cache_read_tokens,
  coalesce((json ->> '$.cache_write_tokens')::BIGINT, 0) AS cache_write_tokens,
  coalesce((json ->> '$.cache_write_1h_tokens')::BIGINT, 0) AS cache_write_1h_tokens,
  coalesce((json ->> '$.cache_write_12h_tokens')::BIGINT, 0) AS cache_write_12h_tokens,
  coalesce((json ->> '$.output_tokens')::BIGINT, 0) AS output_tokens,
  coalesce((json ->> '$.reasoning_tokens')::BIGINT, 0) AS reasoning_tokens,
  coalesce((json ->> '$.input_audio_tokens')::BIGINT, 0) AS input_audio_tokens,
  coalesce((json ->> '$.output_audio_tokens')::BIGINT, 0) AS output_audio_tokens,
  coalesce((json ->> '$.input_image_tokens')::BIGINT, 0) AS input_image_tokens,
  coalesce((json ->> '$.output_image_tokens')::BIGINT, 0) AS output_image_tokens,
  coalesce((json ->> '$.unsplit_tokens')::BIGINT, 0) AS unsplit_tokens,
  coalesce((json ->> '$.images')::BIGINT, 0) AS images,
  coalesce((json ->> '$.audio_seconds')::BIGINT, 0) AS audio_seconds,
  coalesce((json ->> '$.searches')::BIGINT, 0) AS searches,
  coalesce((json ->> '$.characters')::BIGINT, 0) AS characters,
  coalesce((json ->> '$.credits')::DECIMAL(38, 12), 0) AS credits,
  coalesce((json ->> '$.duration_ms')::BIGINT, 0) AS duration_ms,
  (json ->> '$.cost')::DECIMAL(38, 12) AS cost,
  json ->> '$.currency' AS currency,
  (json ->> '$.tokens_remaining')::BIGINT AS tokens_remaining,
  (json ->> '$.tokens_limit')::BIGINT AS tokens_limit,
  (json ->> '$.requests_remaining')::BIGINT AS requests_remaining,
  (json ->> '$.sessions_active')::BIGINT AS sessions_active,
  strptime(json ->> '$.resets_at', '%Y-%m-%dT%H:%M:%S.%gZ')::TIMESTAMP AS resets_at,
  coalesce((json ->> '$.revision')::BIGINT, 0) AS revision,
  (json -> '$.tags')::MAP(VARCHAR, VARCHAR) AS tags,
  json -> '$.metadata' AS metadata,
  json::VARCHAR AS line
FROM read_ndjson_objects('segments/date=*/*.jsonl.zst', compression = 'zstd', maximum_object_size = 2097152);

CREATE OR REPLACE VIEW tally_events AS
WITH
  weighed AS (
    SELECT
      *,
      requests::HUGEINT
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
        <> max(line) OVER (PARTITION BY day, kind, id, revision) AS is_conflict
    FROM weighed
  )
SELECT
  * EXCLUDE (place),
  if(status = 'error', greatest(requests, 1), 0) AS errors,
  -- A failure that used nothing costs nothing; anything else without a cost lacks one: prices are not known here.
  if(
    kind <> 'quota' AND cost IS NULL AND NOT (status = 'error' AND weight = requests), greatest(requests, 1), 0
  ) AS unreported_requests
FROM ranked
WHERE place = 1 AND status <> 'void';
