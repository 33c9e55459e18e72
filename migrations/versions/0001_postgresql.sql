CREATE FUNCTION journal_entries_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: journal_entries is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER journal_entries_insert_only BEFORE UPDATE OR DELETE ON journal_entries FOR EACH ROW EXECUTE FUNCTION journal_entries_insert_only()
;;
CREATE TRIGGER journal_entries_no_truncate BEFORE TRUNCATE ON journal_entries FOR EACH STATEMENT EXECUTE FUNCTION journal_entries_insert_only()
;;
CREATE FUNCTION journal_lines_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: journal_lines is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER journal_lines_insert_only BEFORE UPDATE OR DELETE ON journal_lines FOR EACH ROW EXECUTE FUNCTION journal_lines_insert_only()
;;
CREATE TRIGGER journal_lines_no_truncate BEFORE TRUNCATE ON journal_lines FOR EACH STATEMENT EXECUTE FUNCTION journal_lines_insert_only()
;;
CREATE FUNCTION audit_records_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: audit_records is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER audit_records_insert_only BEFORE UPDATE OR DELETE ON audit_records FOR EACH ROW EXECUTE FUNCTION audit_records_insert_only()
;;
CREATE TRIGGER audit_records_no_truncate BEFORE TRUNCATE ON audit_records FOR EACH STATEMENT EXECUTE FUNCTION audit_records_insert_only()
;;
CREATE FUNCTION savings_movements_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: savings_movements is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER savings_movements_insert_only BEFORE UPDATE OR DELETE ON savings_movements FOR EACH ROW EXECUTE FUNCTION savings_movements_insert_only()
;;
CREATE TRIGGER savings_movements_no_truncate BEFORE TRUNCATE ON savings_movements FOR EACH STATEMENT EXECUTE FUNCTION savings_movements_insert_only()
;;
CREATE FUNCTION journal_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 
    (SELECT count(*) FROM journal_lines l WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq
        AND l.booked_on = NEW.booked_on) < 2
    OR (SELECT coalesce(sum(l.debit_rp), 0) FROM journal_lines l
        WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq AND l.booked_on = NEW.booked_on) <> NEW.total_rp
    OR (SELECT coalesce(sum(l.credit_rp), 0) FROM journal_lines l
        WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq) <> NEW.total_rp THEN RAISE EXCEPTION 'ekopz: entry does not balance' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF 
    NOT EXISTS (SELECT 1 FROM periods p WHERE p.coop_id = NEW.coop_id AND p.state = 'open'
        AND p.starts_on <= NEW.booked_on AND p.ends_on >= NEW.booked_on) THEN RAISE EXCEPTION 'ekopz: period is not open' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF 
    NEW.seq <> 1 + coalesce((SELECT max(e.seq) FROM journal_entries e WHERE e.coop_id = NEW.coop_id), 0)
    OR NEW.prev_hash <> coalesce((SELECT e.hash FROM journal_entries e
        WHERE e.coop_id = NEW.coop_id AND e.seq = NEW.seq - 1), '') THEN RAISE EXCEPTION 'ekopz: entry breaks the chain' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF 
    NEW.number <> 1 + coalesce((SELECT max(e.number) FROM journal_entries e
        WHERE e.coop_id = NEW.coop_id AND e.year = NEW.year), 0) THEN RAISE EXCEPTION 'ekopz: entry leaves a gap in the numbers' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER journal_entries_refuse BEFORE INSERT ON journal_entries FOR EACH ROW EXECUTE FUNCTION journal_entries_refuse()
;;
CREATE FUNCTION journal_lines_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 
    EXISTS (SELECT 1 FROM journal_entries e WHERE e.coop_id = NEW.coop_id AND e.seq = NEW.entry_seq) THEN RAISE EXCEPTION 'ekopz: entry is sealed' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF 
    EXISTS (SELECT 1 FROM accounts a WHERE a.coop_id = NEW.coop_id AND a.id = NEW.account_id AND a.is_header) THEN RAISE EXCEPTION 'ekopz: header accounts take no postings' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER journal_lines_refuse BEFORE INSERT ON journal_lines FOR EACH ROW EXECUTE FUNCTION journal_lines_refuse()
;;
CREATE FUNCTION audit_records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF 
    NEW.seq <> 1 + coalesce((SELECT max(r.seq) FROM audit_records r WHERE r.coop_id = NEW.coop_id), 0) THEN RAISE EXCEPTION 'ekopz: audit record breaks the chain' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER audit_records_refuse BEFORE INSERT ON audit_records FOR EACH ROW EXECUTE FUNCTION audit_records_refuse()
;;
CREATE FUNCTION journal_lines_sum() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO account_months AS m (coop_id, account_id, unit_id, month_on, debit_rp, credit_rp)
    VALUES (NEW.coop_id, NEW.account_id, NEW.unit_id, date_trunc('month', NEW.booked_on)::date, NEW.debit_rp,
        NEW.credit_rp)
    ON CONFLICT (coop_id, account_id, unit_id, month_on) DO UPDATE
    SET debit_rp = m.debit_rp + excluded.debit_rp, credit_rp = m.credit_rp + excluded.credit_rp;
    RETURN NEW; END $$
;;
CREATE TRIGGER journal_lines_sum AFTER INSERT ON journal_lines FOR EACH ROW EXECUTE FUNCTION journal_lines_sum()
;;
CREATE FUNCTION coop_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.coop_id <> OLD.coop_id THEN RAISE EXCEPTION 'ekopz: a row cannot change its cooperative' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
;;
CREATE TRIGGER account_months_stays BEFORE UPDATE OF coop_id ON account_months FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER account_roles_stays BEFORE UPDATE OF coop_id ON account_roles FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER accounts_stays BEFORE UPDATE OF coop_id ON accounts FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER approval_requests_stays BEFORE UPDATE OF coop_id ON approval_requests FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER coop_users_stays BEFORE UPDATE OF coop_id ON coop_users FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER members_stays BEFORE UPDATE OF coop_id ON members FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER opening_loans_stays BEFORE UPDATE OF coop_id ON opening_loans FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER periods_stays BEFORE UPDATE OF coop_id ON periods FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER receipts_stays BEFORE UPDATE OF coop_id ON receipts FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER role_grants_stays BEFORE UPDATE OF coop_id ON role_grants FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER savings_accounts_stays BEFORE UPDATE OF coop_id ON savings_accounts FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER savings_bills_stays BEFORE UPDATE OF coop_id ON savings_bills FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER savings_products_stays BEFORE UPDATE OF coop_id ON savings_products FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER units_stays BEFORE UPDATE OF coop_id ON units FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE account_months ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE account_months FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON account_months USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE account_roles ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE account_roles FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON account_roles USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON accounts USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE approval_requests ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE approval_requests FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON approval_requests USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE audit_records ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE audit_records FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON audit_records USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE coop_users ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE coop_users FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON coop_users USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE journal_entries ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE journal_entries FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON journal_entries USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE journal_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE journal_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON journal_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE members ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE members FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON members USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE opening_loans ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE opening_loans FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON opening_loans USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE periods ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE periods FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON periods USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE receipts ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE receipts FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON receipts USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE role_grants ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE role_grants FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON role_grants USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE savings_accounts ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE savings_accounts FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON savings_accounts USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE savings_bills ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE savings_bills FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON savings_bills USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE savings_movements ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE savings_movements FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON savings_movements USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE savings_products ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE savings_products FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON savings_products USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE units ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE units FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON units USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)