CREATE TRIGGER booked_files_stays BEFORE UPDATE OF coop_id ON booked_files FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE booked_files ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE booked_files FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON booked_files USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
