-- A probe of a port is another probe: kind, host and port belong to its identity.
DROP INDEX "probes_identity";--> statement-breakpoint
ALTER TABLE "probes" ADD COLUMN "port" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "probes_identity" ON "probes" USING btree ("host","kind","port","interval_ms","timeout_ms","payload_bytes","ttl","dscp","dont_fragment","family");