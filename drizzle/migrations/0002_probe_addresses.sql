-- Where names have led is kept: a row a change, gone with its probe.
CREATE TABLE "probe_addresses" (
	"probe_id" integer NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"address" text NOT NULL,
	CONSTRAINT "probe_addresses_probe_id_since_pk" PRIMARY KEY("probe_id","since")
);
--> statement-breakpoint
ALTER TABLE "probe_addresses" ADD CONSTRAINT "probe_addresses_probe_id_probes_id_fk" FOREIGN KEY ("probe_id") REFERENCES "public"."probes"("id") ON DELETE cascade ON UPDATE no action;