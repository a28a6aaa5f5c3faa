-- tally's segments as Spark SQL sees them: two views with explicit types.
--
--   tally_lines   every committed or torn line as it lies: repeats, voids and all kinds
--   tally_events  what counts: the winner of each identity, voids left out
--
-- An identity is day, kind and id. Of several lines with one identity the higher revision wins, then the larger
-- weight (requests and all counters, without reasoning_tokens, duration_ms and money), then the greater line, byte
-- by byte. Never add kinds together, and amounts only of one currency.
--
-- Put the store's folder in place of /path/to/store. Spark reads zstd with Hadoop's native library.

CREATE OR REPLACE TEMPORARY VIEW tally_text
USING text OPTIONS (path '/path/to/store/segments/date=*/*.jsonl.zst');

CREATE OR REPLACE TEMPORARY VIEW tally_lines AS
SELECT
  get_json_object(value, '$.id') AS id,
  CAST(get_json_object(value, '$.time') AS TIMESTAMP) AS time,
  CAST(substring(get_json_object(value, '$.time'), 1, 10) AS DATE) AS day,
  get_json_object(value, '$.period') AS period,
  coalesce(get_json_object(value, '$.kind'), 'usage') AS kind,
  get_json_object(value, '$.provider') AS `provider`,
  get_json_object(value, '$.service') AS `service`,
  get_json_object(value, '$.account') AS `account`,
  get_json_object(value, '$.source') AS `source`,
  get_json_object(value, '$.model') AS `model`,
  get_json_object(value, '$.operation') AS `operation`,
  get_json_object(value, '$.request_type') AS `request_type`,
  get_json_object(value, '$.service_tier') AS `service_tier`,
  get_json_object(value, '$.user') AS `user`,
  get_json_object(value, '$.project') AS `project`,
  get_json_object(value, '$.session') AS `session`,
  coalesce(get_json_object(value, '$.status'), 'ok') AS status,
  coalesce(
    CAST(get_json_object(value, '$.requests') AS BIGINT),
    if(coalesce(get_json_object(value, '$.kind'), 'usage') = 'usage', 1L, 0L)) AS requests,
  coalesce(CAST(get_json_object(value, '$.input_tokens') AS BIGINT), 0L) AS input_tokens,
  coalesce(CAST(get_json_object(value, '$.cache_read_tokens') AS BIGINT), 0L) AS cache_read_tokens,
  coalesce(CAST(get_json_object(value, '$.cache_write_tokens') AS BIGINT), 0L) AS cache_write_tokens,
  coalesce(CAST(get_json_object(value, '$.cache_write_1h_tokens') AS BIGINT), 0L) AS cache_write_1h_tokens,
  coalesce(CAST(get_json_object(value, '$.cache_write_12h_tokens') AS BIGINT), 0L) AS cache_write_12h_tokens,
  coalesce(CAST(get_json_object(value, '$.output_tokens') AS BIGINT), 0L) AS output_tokens,
  coalesce(CAST(get_json_object(value, '$.reasoning_tokens') AS BIGINT), 0L) AS reasoning_tokens,
  coalesce(CAST(get_json_object(value, '$.input_audio_tokens') AS BIGINT), 0L) AS input_audio_tokens,
  coalesce(CAST(get_json_object(value, '$.output_audio_tokens') AS BIGINT), 0L) AS output_audio_tokens,
  coalesce(CAST(get_json_object(value, '$.input_image_tokens') AS BIGINT), 0L) AS input_image_tokens,
  coalesce(CAST(get_json_object(value, '$.output_image_tokens') AS BIGINT), 0L) AS output_image_tokens,
  coalesce(CAST(get_json_object(value, '$.unsplit_tokens') AS BIGINT), 0L) AS unsplit_tokens,
  coalesce(CAST(get_json_object(value, '$.images') AS BIGINT), 0L) AS images,
  coalesce(CAST(get_json_object(value, '$.audio_seconds') AS BIGINT), 0L) AS audio_seconds,
  coalesce(CAST(get_json_object(value, '$.searches') AS BIGINT), 0L) AS searches,
  coalesce(CAST(get_json_object(value, '$.characters') AS BIGINT), 0L) AS characters,
  coalesce(CAST(get_json_object(value, '$.credits') AS DECIMAL(38, 12)), 0) AS credits,
  coalesce(CAST(get_json_object(value, '$.duration_ms') AS BIGINT), 0L) AS duration_ms,
  CAST(get_json_object(value, '$.cost') AS DECIMAL(38, 12)) AS cost,
  get_json_object(value, '$.currency') AS currency,
  CAST(get_json_object(value, '$.tokens_remaining') AS BIGINT) AS tokens_remaining,
  CAST(get_json_object(value, '$.tokens_limit') AS BIGINT) AS tokens_limit,
  CAST(get_json_object(value, '$.requests_remaining') AS BIGINT) AS requests_remaining,
  CAST(get_json_object(value, '$.sessions_active') AS BIGINT) AS sessions_active,
  CAST(get_json_object(value, '$.resets_at') AS TIMESTAMP) AS resets_at,
  coalesce(CAST(get_json_object(value, '$.revision') AS BIGINT), 0L) AS revision,
  from_json(get_json_object(value, '$.tags'), 'map<string,string>') AS tags,
  get_json_object(value, '$.metadata') AS metadata,
  value AS line
FROM tally_text;

CREATE OR REPLACE TEMPORARY VIEW tally_events AS
WITH
  weighed AS (
    SELECT
      *,
      CAST(requests AS DECIMAL(38, 0))
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
  *,
  if(status = 'error', greatest(requests, 1L), 0L) AS errors,
  -- A failure that used nothing costs nothing; anything else without a cost lacks one: prices are not known here.
  if(
    kind <> 'quota' AND cost IS NULL AND NOT (status = 'error' AND weight = requests), greatest(requests, 1L), 0L
  ) AS unreported_requests
FROM ranked
WHERE place = 1 AND status <> 'void';
