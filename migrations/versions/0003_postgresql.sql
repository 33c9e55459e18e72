CREATE TRIGGER import_runs_stays BEFORE UPDATE OF coop_id ON import_runs FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE import_runs ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE import_runs FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON import_runs USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
