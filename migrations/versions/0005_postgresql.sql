CREATE FUNCTION loan_payments_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: loan_payments is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER loan_payments_insert_only BEFORE UPDATE OR DELETE ON loan_payments FOR EACH ROW EXECUTE FUNCTION loan_payments_insert_only()
;;
CREATE TRIGGER loan_payments_no_truncate BEFORE TRUNCATE ON loan_payments FOR EACH STATEMENT EXECUTE FUNCTION loan_payments_insert_only()
;;
CREATE FUNCTION loan_decisions_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: loan_decisions is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER loan_decisions_insert_only BEFORE UPDATE OR DELETE ON loan_decisions FOR EACH ROW EXECUTE FUNCTION loan_decisions_insert_only()
;;
CREATE TRIGGER loan_decisions_no_truncate BEFORE TRUNCATE ON loan_decisions FOR EACH STATEMENT EXECUTE FUNCTION loan_decisions_insert_only()
;;
CREATE FUNCTION deposit_movements_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: deposit_movements is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER deposit_movements_insert_only BEFORE UPDATE OR DELETE ON deposit_movements FOR EACH ROW EXECUTE FUNCTION deposit_movements_insert_only()
;;
CREATE TRIGGER deposit_movements_no_truncate BEFORE TRUNCATE ON deposit_movements FOR EACH STATEMENT EXECUTE FUNCTION deposit_movements_insert_only()
;;
CREATE TRIGGER coop_settings_stays BEFORE UPDATE OF coop_id ON coop_settings FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER deposit_rates_stays BEFORE UPDATE OF coop_id ON deposit_rates FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER interest_runs_stays BEFORE UPDATE OF coop_id ON interest_runs FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER loan_classes_stays BEFORE UPDATE OF coop_id ON loan_classes FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER loan_documents_stays BEFORE UPDATE OF coop_id ON loan_documents FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER loan_installments_stays BEFORE UPDATE OF coop_id ON loan_installments FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER loan_products_stays BEFORE UPDATE OF coop_id ON loan_products FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER loans_stays BEFORE UPDATE OF coop_id ON loans FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER membership_claims_stays BEFORE UPDATE OF coop_id ON membership_claims FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER notifications_stays BEFORE UPDATE OF coop_id ON notifications FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER outgoing_mails_stays BEFORE UPDATE OF coop_id ON outgoing_mails FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER payroll_lines_stays BEFORE UPDATE OF coop_id ON payroll_lines FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER payroll_lists_stays BEFORE UPDATE OF coop_id ON payroll_lists FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER time_deposits_stays BEFORE UPDATE OF coop_id ON time_deposits FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER withdrawal_requests_stays BEFORE UPDATE OF coop_id ON withdrawal_requests FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE coop_settings ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE coop_settings FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON coop_settings USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE deposit_movements ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE deposit_movements FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON deposit_movements USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE deposit_rates ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE deposit_rates FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON deposit_rates USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE interest_runs ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE interest_runs FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON interest_runs USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loan_classes ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_classes FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_classes USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loan_decisions ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_decisions FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_decisions USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loan_documents ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_documents FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_documents USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loan_installments ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_installments FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_installments USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loan_payments ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_payments FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_payments USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loan_products ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loan_products FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loan_products USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE loans ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE loans FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON loans USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE membership_claims ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE membership_claims FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON membership_claims USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON notifications USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE outgoing_mails ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE outgoing_mails FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON outgoing_mails USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE payroll_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payroll_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON payroll_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE payroll_lists ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE payroll_lists FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON payroll_lists USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE time_deposits ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE time_deposits FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON time_deposits USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE withdrawal_requests ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE withdrawal_requests FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON withdrawal_requests USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
