-- An outage is kept from its first lost echo to the next answer; open ones are found at once.
CREATE TABLE "outages" (
	"probe_id" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" smallint NOT NULL,
	"error_code" smallint,
	"error_from" text,
	"path" jsonb,
	CONSTRAINT "outages_probe_id_started_at_pk" PRIMARY KEY("probe_id","started_at")
);
--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_probe_id_probes_id_fk" FOREIGN KEY ("probe_id") REFERENCES "public"."probes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "outages_open" ON "outages" USING btree ("probe_id") WHERE "outages"."ended_at" is null;