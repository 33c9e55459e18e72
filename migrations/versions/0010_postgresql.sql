CREATE TRIGGER till_conflicts_stays BEFORE UPDATE OF coop_id ON till_conflicts FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE till_conflicts ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE till_conflicts FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON till_conflicts USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
