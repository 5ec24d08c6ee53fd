-- Samples go from hot rows to cold blocks and summaries, and no row is refused for its time.
CREATE TABLE "hour_summaries" (
	"probe_id" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"slots" smallint[] NOT NULL,
	"sent" integer[] NOT NULL,
	"received" integer[] NOT NULL,
	"min_us" integer[] NOT NULL,
	"max_us" integer[] NOT NULL,
	"sum_us" bigint[] NOT NULL,
	"sum_squares" double precision[] NOT NULL,
	"step_sum_us" bigint[] NOT NULL,
	"first_us" integer[] NOT NULL,
	"last_us" integer[] NOT NULL,
	"first_ms" integer[] NOT NULL,
	"last_ms" integer[] NOT NULL,
	"leading_loss_until_ms" integer[] NOT NULL,
	"trailing_loss_from_ms" integer[] NOT NULL,
	"longest_ended_ms" integer[] NOT NULL,
	"buckets_used" smallint[] NOT NULL,
	"buckets" smallint[] NOT NULL,
	"counts" integer[] NOT NULL,
	CONSTRAINT "hour_summaries_probe_id_since_pk" PRIMARY KEY("probe_id","since")
);
--> statement-breakpoint
CREATE TABLE "minute_summaries" (
	"probe_id" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"slots" smallint[] NOT NULL,
	"sent" integer[] NOT NULL,
	"received" integer[] NOT NULL,
	"min_us" integer[] NOT NULL,
	"max_us" integer[] NOT NULL,
	"sum_us" bigint[] NOT NULL,
	"sum_squares" double precision[] NOT NULL,
	"step_sum_us" bigint[] NOT NULL,
	"first_us" integer[] NOT NULL,
	"last_us" integer[] NOT NULL,
	"first_ms" integer[] NOT NULL,
	"last_ms" integer[] NOT NULL,
	"leading_loss_until_ms" integer[] NOT NULL,
	"trailing_loss_from_ms" integer[] NOT NULL,
	"longest_ended_ms" integer[] NOT NULL,
	"buckets_used" smallint[] NOT NULL,
	"buckets" smallint[] NOT NULL,
	"counts" integer[] NOT NULL,
	CONSTRAINT "minute_summaries_probe_id_since_pk" PRIMARY KEY("probe_id","since")
);
--> statement-breakpoint
CREATE TABLE "sample_blocks" (
	"probe_id" integer NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"step_ms" integer NOT NULL,
	"drift_ms" integer[] NOT NULL,
	"rest_us" smallint[],
	"rtt_us" integer[] NOT NULL,
	CONSTRAINT "sample_blocks_probe_id_hour_pk" PRIMARY KEY("probe_id","hour")
);
--> statement-breakpoint
-- Joins arrays end to end: the histograms of a pack's slots.
CREATE AGGREGATE array_join(anycompatiblearray) (sfunc = array_cat, stype = anycompatiblearray);
--> statement-breakpoint
-- The results of a block, in their order. STABLE and a single SELECT: it becomes part of the query.
CREATE FUNCTION block_samples("hour" timestamptz, "step_ms" integer, "drift_ms" integer[], "rest_us" smallint[], "rtt_us" integer[])
RETURNS TABLE ("at" timestamptz, "rtt_us" integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT $1 + ((i * $2 + drift) * 1000 + coalesce(rest, 0)) * interval '1 microsecond', rtt
	FROM unnest($3, $4, $5) WITH ORDINALITY AS u(drift, rest, rtt, i)
$$;
--> statement-breakpoint
-- What is stored already, in a block, is not stored again: as the primary key does among hot rows.
CREATE FUNCTION skip_known_sample() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (
		SELECT FROM sample_blocks b
		CROSS JOIN LATERAL block_samples(b.hour, b.step_ms, b.drift_ms, b.rest_us, b.rtt_us) s
		WHERE b.probe_id = NEW.probe_id AND b.hour = date_trunc('hour', NEW.at, 'UTC') AND s.at = NEW.at
	) THEN
		RETURN NULL;
	END IF;
	RETURN NEW;
END $$;
--> statement-breakpoint
-- Takes every row whose hour has no partition of its own: days of old, and rows that come late or early.
CREATE TABLE "samples_late" (LIKE "samples" INCLUDING ALL);
--> statement-breakpoint
DO $$
DECLARE
	day regclass;
BEGIN
	FOR day IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'samples'::regclass LOOP
		EXECUTE format('INSERT INTO samples_late SELECT probe_id, at, rtt_us FROM %s', day);
		EXECUTE format('DROP TABLE %s', day);
	END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE "samples" ATTACH PARTITION "samples_late" DEFAULT;
--> statement-breakpoint
CREATE TRIGGER "skip_known" BEFORE INSERT ON "samples_late" FOR EACH ROW EXECUTE FUNCTION skip_known_sample();
