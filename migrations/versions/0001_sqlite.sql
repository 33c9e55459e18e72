CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries BEGIN SELECT RAISE(ABORT, 'ekopz: journal_entries is insert-only'); END
;;
CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries BEGIN SELECT RAISE(ABORT, 'ekopz: journal_entries is insert-only'); END
;;
CREATE TRIGGER journal_lines_no_update BEFORE UPDATE ON journal_lines BEGIN SELECT RAISE(ABORT, 'ekopz: journal_lines is insert-only'); END
;;
CREATE TRIGGER journal_lines_no_delete BEFORE DELETE ON journal_lines BEGIN SELECT RAISE(ABORT, 'ekopz: journal_lines is insert-only'); END
;;
CREATE TRIGGER audit_records_no_update BEFORE UPDATE ON audit_records BEGIN SELECT RAISE(ABORT, 'ekopz: audit_records is insert-only'); END
;;
CREATE TRIGGER audit_records_no_delete BEFORE DELETE ON audit_records BEGIN SELECT RAISE(ABORT, 'ekopz: audit_records is insert-only'); END
;;
CREATE TRIGGER savings_movements_no_update BEFORE UPDATE ON savings_movements BEGIN SELECT RAISE(ABORT, 'ekopz: savings_movements is insert-only'); END
;;
CREATE TRIGGER savings_movements_no_delete BEFORE DELETE ON savings_movements BEGIN SELECT RAISE(ABORT, 'ekopz: savings_movements is insert-only'); END
;;
CREATE TRIGGER journal_entries_balanced BEFORE INSERT ON journal_entries WHEN 
    (SELECT count(*) FROM journal_lines l WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq
        AND l.booked_on = NEW.booked_on) < 2
    OR (SELECT coalesce(sum(l.debit_rp), 0) FROM journal_lines l
        WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq AND l.booked_on = NEW.booked_on) <> NEW.total_rp
    OR (SELECT coalesce(sum(l.credit_rp), 0) FROM journal_lines l
        WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq) <> NEW.total_rp BEGIN SELECT RAISE(ABORT, 'ekopz: entry does not balance'); END
;;
CREATE TRIGGER journal_entries_period BEFORE INSERT ON journal_entries WHEN 
    NOT EXISTS (SELECT 1 FROM periods p WHERE p.coop_id = NEW.coop_id AND p.state = 'open'
        AND p.starts_on <= NEW.booked_on AND p.ends_on >= NEW.booked_on) BEGIN SELECT RAISE(ABORT, 'ekopz: period is not open'); END
;;
CREATE TRIGGER journal_entries_chain BEFORE INSERT ON journal_entries WHEN 
    NEW.seq <> 1 + coalesce((SELECT max(e.seq) FROM journal_entries e WHERE e.coop_id = NEW.coop_id), 0)
    OR NEW.prev_hash <> coalesce((SELECT e.hash FROM journal_entries e
        WHERE e.coop_id = NEW.coop_id AND e.seq = NEW.seq - 1), '') BEGIN SELECT RAISE(ABORT, 'ekopz: entry breaks the chain'); END
;;
CREATE TRIGGER journal_entries_number BEFORE INSERT ON journal_entries WHEN 
    NEW.number <> 1 + coalesce((SELECT max(e.number) FROM journal_entries e
        WHERE e.coop_id = NEW.coop_id AND e.year = NEW.year), 0) BEGIN SELECT RAISE(ABORT, 'ekopz: entry leaves a gap in the numbers'); END
;;
CREATE TRIGGER journal_lines_sealed BEFORE INSERT ON journal_lines WHEN 
    EXISTS (SELECT 1 FROM journal_entries e WHERE e.coop_id = NEW.coop_id AND e.seq = NEW.entry_seq) BEGIN SELECT RAISE(ABORT, 'ekopz: entry is sealed'); END
;;
CREATE TRIGGER journal_lines_header BEFORE INSERT ON journal_lines WHEN 
    EXISTS (SELECT 1 FROM accounts a WHERE a.coop_id = NEW.coop_id AND a.id = NEW.account_id AND a.is_header) BEGIN SELECT RAISE(ABORT, 'ekopz: header accounts take no postings'); END
;;
CREATE TRIGGER audit_records_chain BEFORE INSERT ON audit_records WHEN 
    NEW.seq <> 1 + coalesce((SELECT max(r.seq) FROM audit_records r WHERE r.coop_id = NEW.coop_id), 0) BEGIN SELECT RAISE(ABORT, 'ekopz: audit record breaks the chain'); END
;;
CREATE TRIGGER journal_lines_sum AFTER INSERT ON journal_lines BEGIN
    INSERT INTO account_months (coop_id, account_id, unit_id, month_on, debit_rp, credit_rp)
    VALUES (NEW.coop_id, NEW.account_id, NEW.unit_id, date(NEW.booked_on, 'start of month'),
        NEW.debit_rp, NEW.credit_rp)
    ON CONFLICT (coop_id, account_id, unit_id, month_on) DO UPDATE
    SET debit_rp = debit_rp + excluded.debit_rp, credit_rp = credit_rp + excluded.credit_rp; END
;;
CREATE TRIGGER account_months_stays BEFORE UPDATE OF coop_id ON account_months WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER account_roles_stays BEFORE UPDATE OF coop_id ON account_roles WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER accounts_stays BEFORE UPDATE OF coop_id ON accounts WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER approval_requests_stays BEFORE UPDATE OF coop_id ON approval_requests WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER coop_users_stays BEFORE UPDATE OF coop_id ON coop_users WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER members_stays BEFORE UPDATE OF coop_id ON members WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER opening_loans_stays BEFORE UPDATE OF coop_id ON opening_loans WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER periods_stays BEFORE UPDATE OF coop_id ON periods WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER receipts_stays BEFORE UPDATE OF coop_id ON receipts WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER role_grants_stays BEFORE UPDATE OF coop_id ON role_grants WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER savings_accounts_stays BEFORE UPDATE OF coop_id ON savings_accounts WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER savings_bills_stays BEFORE UPDATE OF coop_id ON savings_bills WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER savings_products_stays BEFORE UPDATE OF coop_id ON savings_products WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER units_stays BEFORE UPDATE OF coop_id ON units WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
