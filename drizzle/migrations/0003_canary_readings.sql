-- What workers measure of themselves stands apart from the samples: no read of those can meet it.
CREATE TABLE "canary_readings" (
	"worker" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"sent" integer NOT NULL,
	"received" integer NOT NULL,
	"min_us" integer,
	"median_us" integer,
	"max_us" integer,
	"echoes" integer NOT NULL,
	"lateness_us" integer NOT NULL,
	"overdue" integer NOT NULL,
	"unsent" integer NOT NULL,
	"receive_drops" integer NOT NULL,
	"late_replies" integer NOT NULL,
	"duplicates" integer NOT NULL,
	CONSTRAINT "canary_readings_at_worker_pk" PRIMARY KEY("at","worker")
);
