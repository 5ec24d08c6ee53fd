-- An hour's summaries tell all of its samples: one that comes late takes them away until it is counted.
CREATE OR REPLACE FUNCTION skip_known_sample() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	hour_of timestamptz := date_trunc('hour', NEW.at, 'UTC');
BEGIN
	IF EXISTS (
		SELECT FROM sample_blocks b
		CROSS JOIN LATERAL block_samples(b.hour, b.step_ms, b.drift_ms, b.rest_us, b.rtt_us) s
		WHERE b.probe_id = NEW.probe_id AND b.hour = hour_of AND s.at = NEW.at
	) THEN
		RETURN NULL;
	END IF;
	-- Not where the samples are forgotten: nothing could tell that hour again.
	DELETE FROM minute_summaries m
	WHERE m.probe_id = NEW.probe_id AND m.since = hour_of AND (TG_TABLE_NAME <> 'samples_late'
		OR EXISTS (SELECT FROM sample_blocks b WHERE b.probe_id = NEW.probe_id AND b.hour = hour_of));
	RETURN NEW;
END $$;
