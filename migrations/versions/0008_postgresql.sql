CREATE FUNCTION goods_receipts_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: goods_receipts is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER goods_receipts_insert_only BEFORE UPDATE OR DELETE ON goods_receipts FOR EACH ROW EXECUTE FUNCTION goods_receipts_insert_only()
;;
CREATE TRIGGER goods_receipts_no_truncate BEFORE TRUNCATE ON goods_receipts FOR EACH STATEMENT EXECUTE FUNCTION goods_receipts_insert_only()
;;
CREATE FUNCTION goods_receipt_lines_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: goods_receipt_lines is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER goods_receipt_lines_insert_only BEFORE UPDATE OR DELETE ON goods_receipt_lines FOR EACH ROW EXECUTE FUNCTION goods_receipt_lines_insert_only()
;;
CREATE TRIGGER goods_receipt_lines_no_truncate BEFORE TRUNCATE ON goods_receipt_lines FOR EACH STATEMENT EXECUTE FUNCTION goods_receipt_lines_insert_only()
;;
CREATE FUNCTION supplier_bill_lines_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: supplier_bill_lines is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER supplier_bill_lines_insert_only BEFORE UPDATE OR DELETE ON supplier_bill_lines FOR EACH ROW EXECUTE FUNCTION supplier_bill_lines_insert_only()
;;
CREATE TRIGGER supplier_bill_lines_no_truncate BEFORE TRUNCATE ON supplier_bill_lines FOR EACH STATEMENT EXECUTE FUNCTION supplier_bill_lines_insert_only()
;;
CREATE FUNCTION supplier_payments_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: supplier_payments is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER supplier_payments_insert_only BEFORE UPDATE OR DELETE ON supplier_payments FOR EACH ROW EXECUTE FUNCTION supplier_payments_insert_only()
;;
CREATE TRIGGER supplier_payments_no_truncate BEFORE TRUNCATE ON supplier_payments FOR EACH STATEMENT EXECUTE FUNCTION supplier_payments_insert_only()
;;
CREATE TRIGGER purchase_documents_stays BEFORE UPDATE OF coop_id ON purchase_documents FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER purchase_order_lines_stays BEFORE UPDATE OF coop_id ON purchase_order_lines FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER purchase_orders_stays BEFORE UPDATE OF coop_id ON purchase_orders FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER purchase_request_lines_stays BEFORE UPDATE OF coop_id ON purchase_request_lines FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER purchase_requests_stays BEFORE UPDATE OF coop_id ON purchase_requests FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER quotation_lines_stays BEFORE UPDATE OF coop_id ON quotation_lines FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER quotations_stays BEFORE UPDATE OF coop_id ON quotations FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER supplier_bills_stays BEFORE UPDATE OF coop_id ON supplier_bills FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE goods_receipt_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE goods_receipt_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON goods_receipt_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE goods_receipts ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE goods_receipts FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON goods_receipts USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE purchase_documents ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE purchase_documents FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON purchase_documents USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE purchase_order_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE purchase_order_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON purchase_order_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE purchase_orders ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE purchase_orders FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON purchase_orders USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE purchase_request_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE purchase_request_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON purchase_request_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE purchase_requests ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE purchase_requests FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON purchase_requests USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE quotation_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE quotation_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON quotation_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE quotations ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE quotations FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON quotations USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE supplier_bill_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE supplier_bill_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON supplier_bill_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE supplier_bills ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE supplier_bills FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON supplier_bills USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE supplier_payments ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE supplier_payments FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON supplier_payments USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
