CREATE FUNCTION subscription_changes_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: subscription_changes is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER subscription_changes_insert_only BEFORE UPDATE OR DELETE ON subscription_changes FOR EACH ROW EXECUTE FUNCTION subscription_changes_insert_only()
;;
CREATE TRIGGER subscription_changes_no_truncate BEFORE TRUNCATE ON subscription_changes FOR EACH STATEMENT EXECUTE FUNCTION subscription_changes_insert_only()
;;
CREATE FUNCTION support_visits_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: support_visits is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER support_visits_insert_only BEFORE UPDATE OR DELETE ON support_visits FOR EACH ROW EXECUTE FUNCTION support_visits_insert_only()
;;
CREATE TRIGGER support_visits_no_truncate BEFORE TRUNCATE ON support_visits FOR EACH STATEMENT EXECUTE FUNCTION support_visits_insert_only()
;;
CREATE FUNCTION ticket_messages_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: ticket_messages is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER ticket_messages_insert_only BEFORE UPDATE OR DELETE ON ticket_messages FOR EACH ROW EXECUTE FUNCTION ticket_messages_insert_only()
;;
CREATE TRIGGER ticket_messages_no_truncate BEFORE TRUNCATE ON ticket_messages FOR EACH STATEMENT EXECUTE FUNCTION ticket_messages_insert_only()
;;
CREATE TRIGGER announcements_stays BEFORE UPDATE OF coop_id ON announcements FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER join_requests_stays BEFORE UPDATE OF coop_id ON join_requests FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER member_consents_stays BEFORE UPDATE OF coop_id ON member_consents FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER practice_done_stays BEFORE UPDATE OF coop_id ON practice_done FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER privacy_requests_stays BEFORE UPDATE OF coop_id ON privacy_requests FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER setup_marks_stays BEFORE UPDATE OF coop_id ON setup_marks FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER subscription_invoices_stays BEFORE UPDATE OF coop_id ON subscription_invoices FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER subscription_payments_stays BEFORE UPDATE OF coop_id ON subscription_payments FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER subscriptions_stays BEFORE UPDATE OF coop_id ON subscriptions FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER support_grants_stays BEFORE UPDATE OF coop_id ON support_grants FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER tickets_stays BEFORE UPDATE OF coop_id ON tickets FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE announcements ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE announcements FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON announcements USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE join_requests ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE join_requests FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON join_requests USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE member_consents ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE member_consents FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON member_consents USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE practice_done ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE practice_done FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON practice_done USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE privacy_requests ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE privacy_requests FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON privacy_requests USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE setup_marks ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE setup_marks FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON setup_marks USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE subscription_changes ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE subscription_changes FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON subscription_changes USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE subscription_invoices ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE subscription_invoices FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON subscription_invoices USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE subscription_payments ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE subscription_payments FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON subscription_payments USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE subscriptions ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE subscriptions FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON subscriptions USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE support_grants ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE support_grants FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON support_grants USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE support_visits ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE support_visits FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON support_visits USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE ticket_messages ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE ticket_messages FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON ticket_messages USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE tickets ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON tickets USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
