-- What this database is, written once by `eapd migrate`.
CREATE TABLE instance (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    -- A demonstration runs on a simulated clock: its instants are not compared with the engine's.
    demonstration BOOLEAN NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);

-- Refuses the statement it guards; the argument says which guard spoke.
CREATE FUNCTION eapd_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Refuses for the reason given; for use inside guards.
CREATE FUNCTION eapd_refuse_if(refused BOOLEAN, message TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF refused THEN RAISE EXCEPTION '%', message USING ERRCODE = 'integrity_constraint_violation'; END IF;
END $$;

-- The instant of a decision or a filing is now, unless the instance is a demonstration.
CREATE FUNCTION eapd_check_now(at TIMESTAMPTZ) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eapd_refuse_if(
        date_trunc('second', at) <> at
        OR (NOT EXISTS (SELECT 1 FROM instance WHERE demonstration)
            AND abs(extract(epoch FROM at - clock_timestamp())) > 120),
        'EAPD-G10 the instant is not now');
END $$;

-- Gives the application role, named by the migrating connection, the rights it needs and no more.
CREATE FUNCTION eapd_grant(privileges TEXT, relation TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT %s ON %I TO %I', privileges, relation, current_setting('eapd.app_role'));
END $$;

-- Guards look at the tables they were made beside, never at the temporary ones of a
-- session, which come first otherwise. Called at the end of each file that makes guards.
CREATE FUNCTION eapd_pin_guards() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    guard regprocedure;
BEGIN
    FOR guard IN SELECT p.oid FROM pg_proc p
                 WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'eapd\_%' AND p.proconfig IS NULL
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;

-- Makes a table append-only for everyone but a superuser.
CREATE FUNCTION eapd_append_only(relation TEXT, message TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION eapd_refuse(%L)',
        relation || '_append_only', relation, message);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION eapd_refuse(%L)',
        relation || '_no_truncate', relation, message);
    PERFORM eapd_grant('SELECT, INSERT', relation);
END $$;

-- The functions above serve migrations and guards only.
REVOKE ALL ON FUNCTION eapd_grant(TEXT, TEXT), eapd_append_only(TEXT, TEXT), eapd_pin_guards() FROM PUBLIC;

CREATE TRIGGER instance_append_only BEFORE UPDATE OR DELETE ON instance
    FOR EACH ROW EXECUTE FUNCTION eapd_refuse('EAPD-G01 the instance row is written once');
CREATE TRIGGER instance_no_truncate BEFORE TRUNCATE ON instance
    FOR EACH STATEMENT EXECUTE FUNCTION eapd_refuse('EAPD-G01 the instance row is written once');
SELECT eapd_grant('SELECT', 'instance');
-- The program asks whether the schema is the one it knows.
SELECT eapd_grant('SELECT', '_sqlx_migrations');
SELECT eapd_pin_guards();
