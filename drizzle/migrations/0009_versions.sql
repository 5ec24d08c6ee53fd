-- What stood on a wall is known for any moment: every change keeps the row as it was until then.
CREATE TABLE "card_versions" (
	"user_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"position" double precision,
	CONSTRAINT "card_versions_user_id_group_id_until_pk" PRIMARY KEY("user_id","group_id","until")
);
--> statement-breakpoint
CREATE TABLE "group_versions" (
	"group_id" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"visibility" text NOT NULL,
	"interval_ms" integer NOT NULL,
	"timeout_ms" integer NOT NULL,
	"payload_bytes" integer NOT NULL,
	"ttl" smallint NOT NULL,
	"dscp" smallint NOT NULL,
	"dont_fragment" boolean NOT NULL,
	"family" smallint NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "group_versions_group_id_until_pk" PRIMARY KEY("group_id","until")
);
--> statement-breakpoint
CREATE TABLE "target_versions" (
	"target_id" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"label" text NOT NULL,
	"position" double precision NOT NULL,
	"state" text NOT NULL,
	"stopped_by" text,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "target_versions_target_id_until_pk" PRIMARY KEY("target_id","until")
);
--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "card_versions" ADD CONSTRAINT "card_versions_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_versions" ADD CONSTRAINT "group_versions_group_id_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "target_versions" ADD CONSTRAINT "target_versions_target_id_targets_id_fk" FOREIGN KEY ("target_id") REFERENCES "public"."targets"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE FUNCTION keep_group_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO group_versions
	SELECT o.id, (SELECT clock_timestamp()), o.owner_id, o.name, o.visibility, o.interval_ms, o.timeout_ms, o.payload_bytes,
		o.ttl, o.dscp, o.dont_fragment, o.family, o.updated_at, o.deleted_at
	FROM before o JOIN after n USING (id)
	WHERE (o.owner_id, o.name, o.visibility, o.interval_ms, o.timeout_ms, o.payload_bytes, o.ttl, o.dscp, o.dont_fragment,
		o.family, o.deleted_at) IS DISTINCT FROM (n.owner_id, n.name, n.visibility, n.interval_ms, n.timeout_ms,
		n.payload_bytes, n.ttl, n.dscp, n.dont_fragment, n.family, n.deleted_at)
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "keep_versions" AFTER UPDATE ON "groups" REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION keep_group_versions();
--> statement-breakpoint
CREATE FUNCTION keep_target_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO target_versions
	SELECT o.id, (SELECT clock_timestamp()), o.label, o.position, o.state, o.stopped_by, o.deleted_at
	FROM before o JOIN after n USING (id)
	WHERE (o.label, o.position, o.state, o.stopped_by, o.deleted_at)
		IS DISTINCT FROM (n.label, n.position, n.state, n.stopped_by, n.deleted_at)
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "keep_versions" AFTER UPDATE ON "targets" REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION keep_target_versions();
--> statement-breakpoint
-- A card has no time of its own: that it did not stand there yet is a version too.
CREATE FUNCTION keep_card_versions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	card cards := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
	-- Not where the person or the group goes with it.
	INSERT INTO card_versions
	SELECT u.id, g.id, clock_timestamp(), CASE WHEN TG_OP <> 'INSERT' THEN card.position END
	FROM users u, groups g WHERE u.id = card.user_id AND g.id = card.group_id
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "keep_versions" AFTER INSERT OR UPDATE OR DELETE ON "cards" FOR EACH ROW EXECUTE FUNCTION keep_card_versions();
--> statement-breakpoint
-- The place of the first result of a block that left so many ms after its start, or later; behind the last where none did.
CREATE FUNCTION block_place("step_ms" integer, "drift_ms" integer[], "ms" bigint) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	low integer := 1;
	high integer := cardinality(drift_ms) + 1;
	middle integer;
BEGIN
	WHILE low < high LOOP
		middle := (low + high) / 2;
		IF middle::bigint * step_ms + drift_ms[middle] < ms THEN
			low := middle + 1;
		ELSE
			high := middle;
		END IF;
	END LOOP;
	RETURN low;
END $$;
