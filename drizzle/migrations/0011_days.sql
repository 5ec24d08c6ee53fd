-- Days in summary, so that a year is read in a moment; and a place in a block without reading all of it.
CREATE TABLE "day_summaries" (
	"probe_id" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"slots" smallint[] NOT NULL,
	"sent" integer[] NOT NULL,
	"received" integer[] NOT NULL,
	"min_us" integer[] NOT NULL,
	"max_us" integer[] NOT NULL,
	"sum_us" bigint[] NOT NULL,
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
	CONSTRAINT "day_summaries_probe_id_since_pk" PRIMARY KEY("probe_id","since")
);
--> statement-breakpoint
-- How many results of a block left before so many whole milliseconds after its beginning: they are in order.
CREATE FUNCTION block_place("step_ms" integer, "drift_ms" integer[], "after" interval) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	ms bigint := floor(extract(epoch FROM after) * 1000);
	low integer := 0;
	high integer := cardinality(drift_ms);
	middle integer;
BEGIN
	WHILE low < high LOOP
		middle := (low + high) / 2;
		IF (middle + 1)::bigint * step_ms + drift_ms[middle + 1] < ms THEN
			low := middle + 1;
		ELSE
			high := middle;
		END IF;
	END LOOP;
	RETURN low;
END $$;
--> statement-breakpoint
-- With the round trips beside its keys, an index alone tells the results of vacuumed pages: those of one
-- probe lie side by side in it, and each in a page of its own in the table.
ALTER TABLE "samples" DROP CONSTRAINT "samples_probe_id_at_pk";
--> statement-breakpoint
ALTER TABLE "samples" ADD CONSTRAINT "samples_probe_id_at_pk" PRIMARY KEY ("probe_id", "at") INCLUDE ("rtt_us");
