-- What workers tell of themselves is shown by web processes. UNLOGGED: after a crash it is told anew.
CREATE UNLOGGED TABLE "worker_figures" (
	"backend" integer PRIMARY KEY NOT NULL,
	"worker" text NOT NULL,
	"figures" jsonb NOT NULL
);
