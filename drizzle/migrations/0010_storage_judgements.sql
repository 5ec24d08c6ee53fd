-- How much room each worker sees for data. UNLOGGED: after a crash it is judged anew within seconds.
CREATE UNLOGGED TABLE "storage_judgements" (
	"backend" integer PRIMARY KEY NOT NULL,
	"level" text NOT NULL,
	"cause" text,
	"since" timestamp with time zone NOT NULL,
	"free_bytes" bigint,
	"disk_bytes" bigint
);
