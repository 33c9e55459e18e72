CREATE TRIGGER goods_receipts_no_update BEFORE UPDATE ON goods_receipts BEGIN SELECT RAISE(ABORT, 'ekopz: goods_receipts is insert-only'); END
;;
CREATE TRIGGER goods_receipts_no_delete BEFORE DELETE ON goods_receipts BEGIN SELECT RAISE(ABORT, 'ekopz: goods_receipts is insert-only'); END
;;
CREATE TRIGGER goods_receipt_lines_no_update BEFORE UPDATE ON goods_receipt_lines BEGIN SELECT RAISE(ABORT, 'ekopz: goods_receipt_lines is insert-only'); END
;;
CREATE TRIGGER goods_receipt_lines_no_delete BEFORE DELETE ON goods_receipt_lines BEGIN SELECT RAISE(ABORT, 'ekopz: goods_receipt_lines is insert-only'); END
;;
CREATE TRIGGER supplier_bill_lines_no_update BEFORE UPDATE ON supplier_bill_lines BEGIN SELECT RAISE(ABORT, 'ekopz: supplier_bill_lines is insert-only'); END
;;
CREATE TRIGGER supplier_bill_lines_no_delete BEFORE DELETE ON supplier_bill_lines BEGIN SELECT RAISE(ABORT, 'ekopz: supplier_bill_lines is insert-only'); END
;;
CREATE TRIGGER supplier_payments_no_update BEFORE UPDATE ON supplier_payments BEGIN SELECT RAISE(ABORT, 'ekopz: supplier_payments is insert-only'); END
;;
CREATE TRIGGER supplier_payments_no_delete BEFORE DELETE ON supplier_payments BEGIN SELECT RAISE(ABORT, 'ekopz: supplier_payments is insert-only'); END
;;
CREATE TRIGGER purchase_documents_stays BEFORE UPDATE OF coop_id ON purchase_documents WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER purchase_order_lines_stays BEFORE UPDATE OF coop_id ON purchase_order_lines WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER purchase_orders_stays BEFORE UPDATE OF coop_id ON purchase_orders WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER purchase_request_lines_stays BEFORE UPDATE OF coop_id ON purchase_request_lines WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER purchase_requests_stays BEFORE UPDATE OF coop_id ON purchase_requests WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER quotation_lines_stays BEFORE UPDATE OF coop_id ON quotation_lines WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER quotations_stays BEFORE UPDATE OF coop_id ON quotations WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER supplier_bills_stays BEFORE UPDATE OF coop_id ON supplier_bills WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
