CREATE TRIGGER subscription_changes_no_update BEFORE UPDATE ON subscription_changes BEGIN SELECT RAISE(ABORT, 'ekopz: subscription_changes is insert-only'); END
;;
CREATE TRIGGER subscription_changes_no_delete BEFORE DELETE ON subscription_changes BEGIN SELECT RAISE(ABORT, 'ekopz: subscription_changes is insert-only'); END
;;
CREATE TRIGGER support_visits_no_update BEFORE UPDATE ON support_visits BEGIN SELECT RAISE(ABORT, 'ekopz: support_visits is insert-only'); END
;;
CREATE TRIGGER support_visits_no_delete BEFORE DELETE ON support_visits BEGIN SELECT RAISE(ABORT, 'ekopz: support_visits is insert-only'); END
;;
CREATE TRIGGER ticket_messages_no_update BEFORE UPDATE ON ticket_messages BEGIN SELECT RAISE(ABORT, 'ekopz: ticket_messages is insert-only'); END
;;
CREATE TRIGGER ticket_messages_no_delete BEFORE DELETE ON ticket_messages BEGIN SELECT RAISE(ABORT, 'ekopz: ticket_messages is insert-only'); END
;;
CREATE TRIGGER announcements_stays BEFORE UPDATE OF coop_id ON announcements WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER join_requests_stays BEFORE UPDATE OF coop_id ON join_requests WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER member_consents_stays BEFORE UPDATE OF coop_id ON member_consents WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER practice_done_stays BEFORE UPDATE OF coop_id ON practice_done WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER privacy_requests_stays BEFORE UPDATE OF coop_id ON privacy_requests WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER setup_marks_stays BEFORE UPDATE OF coop_id ON setup_marks WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER subscription_invoices_stays BEFORE UPDATE OF coop_id ON subscription_invoices WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER subscription_payments_stays BEFORE UPDATE OF coop_id ON subscription_payments WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER subscriptions_stays BEFORE UPDATE OF coop_id ON subscriptions WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER support_grants_stays BEFORE UPDATE OF coop_id ON support_grants WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER tickets_stays BEFORE UPDATE OF coop_id ON tickets WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
