CREATE TRIGGER savings_movements_no_update BEFORE UPDATE ON savings_movements BEGIN SELECT RAISE(ABORT, 'ekopz: savings_movements is insert-only'); END
;;
CREATE TRIGGER savings_movements_no_delete BEFORE DELETE ON savings_movements BEGIN SELECT RAISE(ABORT, 'ekopz: savings_movements is insert-only'); END
;;
CREATE TRIGGER loan_payments_no_update BEFORE UPDATE ON loan_payments BEGIN SELECT RAISE(ABORT, 'ekopz: loan_payments is insert-only'); END
;;
CREATE TRIGGER loan_payments_no_delete BEFORE DELETE ON loan_payments BEGIN SELECT RAISE(ABORT, 'ekopz: loan_payments is insert-only'); END
;;
CREATE TRIGGER loan_decisions_no_update BEFORE UPDATE ON loan_decisions BEGIN SELECT RAISE(ABORT, 'ekopz: loan_decisions is insert-only'); END
;;
CREATE TRIGGER loan_decisions_no_delete BEFORE DELETE ON loan_decisions BEGIN SELECT RAISE(ABORT, 'ekopz: loan_decisions is insert-only'); END
;;
CREATE TRIGGER deposit_movements_no_update BEFORE UPDATE ON deposit_movements BEGIN SELECT RAISE(ABORT, 'ekopz: deposit_movements is insert-only'); END
;;
CREATE TRIGGER deposit_movements_no_delete BEFORE DELETE ON deposit_movements BEGIN SELECT RAISE(ABORT, 'ekopz: deposit_movements is insert-only'); END
;;
CREATE TRIGGER coop_settings_stays BEFORE UPDATE OF coop_id ON coop_settings WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER deposit_rates_stays BEFORE UPDATE OF coop_id ON deposit_rates WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER interest_runs_stays BEFORE UPDATE OF coop_id ON interest_runs WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER loan_classes_stays BEFORE UPDATE OF coop_id ON loan_classes WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER loan_documents_stays BEFORE UPDATE OF coop_id ON loan_documents WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER loan_installments_stays BEFORE UPDATE OF coop_id ON loan_installments WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER loan_products_stays BEFORE UPDATE OF coop_id ON loan_products WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER loans_stays BEFORE UPDATE OF coop_id ON loans WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER membership_claims_stays BEFORE UPDATE OF coop_id ON membership_claims WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER notifications_stays BEFORE UPDATE OF coop_id ON notifications WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER outgoing_mails_stays BEFORE UPDATE OF coop_id ON outgoing_mails WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER payroll_lines_stays BEFORE UPDATE OF coop_id ON payroll_lines WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER payroll_lists_stays BEFORE UPDATE OF coop_id ON payroll_lists WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER savings_products_stays BEFORE UPDATE OF coop_id ON savings_products WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER time_deposits_stays BEFORE UPDATE OF coop_id ON time_deposits WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER withdrawal_requests_stays BEFORE UPDATE OF coop_id ON withdrawal_requests WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
