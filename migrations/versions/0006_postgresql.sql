CREATE TRIGGER loan_transfers_stays BEFORE UPDATE OF coop_id ON loan_transfers FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE loan_transfers ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_transfers FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_transfers USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
