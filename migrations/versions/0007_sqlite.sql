CREATE TRIGGER stock_movements_no_update BEFORE UPDATE ON stock_movements BEGIN SELECT RAISE(ABORT, 'ekopz: stock_movements is insert-only'); END
;;
CREATE TRIGGER stock_movements_no_delete BEFORE DELETE ON stock_movements BEGIN SELECT RAISE(ABORT, 'ekopz: stock_movements is insert-only'); END
;;
CREATE TRIGGER point_movements_no_update BEFORE UPDATE ON point_movements BEGIN SELECT RAISE(ABORT, 'ekopz: point_movements is insert-only'); END
;;
CREATE TRIGGER point_movements_no_delete BEFORE DELETE ON point_movements BEGIN SELECT RAISE(ABORT, 'ekopz: point_movements is insert-only'); END
;;
CREATE TRIGGER order_events_no_update BEFORE UPDATE ON order_events BEGIN SELECT RAISE(ABORT, 'ekopz: order_events is insert-only'); END
;;
CREATE TRIGGER order_events_no_delete BEFORE DELETE ON order_events BEGIN SELECT RAISE(ABORT, 'ekopz: order_events is insert-only'); END
;;
CREATE TRIGGER store_credit_payments_no_update BEFORE UPDATE ON store_credit_payments BEGIN SELECT RAISE(ABORT, 'ekopz: store_credit_payments is insert-only'); END
;;
CREATE TRIGGER store_credit_payments_no_delete BEFORE DELETE ON store_credit_payments BEGIN SELECT RAISE(ABORT, 'ekopz: store_credit_payments is insert-only'); END
;;
CREATE TRIGGER store_movements_no_update BEFORE UPDATE ON store_movements BEGIN SELECT RAISE(ABORT, 'ekopz: store_movements is insert-only'); END
;;
CREATE TRIGGER store_movements_no_delete BEFORE DELETE ON store_movements BEGIN SELECT RAISE(ABORT, 'ekopz: store_movements is insert-only'); END
;;
CREATE TRIGGER campaign_items_stays BEFORE UPDATE OF coop_id ON campaign_items WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER campaigns_stays BEFORE UPDATE OF coop_id ON campaigns WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER cart_items_stays BEFORE UPDATE OF coop_id ON cart_items WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER order_lines_stays BEFORE UPDATE OF coop_id ON order_lines WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER order_payments_stays BEFORE UPDATE OF coop_id ON order_payments WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER order_return_lines_stays BEFORE UPDATE OF coop_id ON order_return_lines WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER order_returns_stays BEFORE UPDATE OF coop_id ON order_returns WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER orders_stays BEFORE UPDATE OF coop_id ON orders WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER partner_coops_stays BEFORE UPDATE OF coop_id ON partner_coops WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER product_grams_stays BEFORE UPDATE OF coop_id ON product_grams WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER product_photos_stays BEFORE UPDATE OF coop_id ON product_photos WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER product_variants_stays BEFORE UPDATE OF coop_id ON product_variants WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER products_stays BEFORE UPDATE OF coop_id ON products WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER reviews_stays BEFORE UPDATE OF coop_id ON reviews WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER shipping_quotes_stays BEFORE UPDATE OF coop_id ON shipping_quotes WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER shipping_zones_stays BEFORE UPDATE OF coop_id ON shipping_zones WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER store_credits_stays BEFORE UPDATE OF coop_id ON store_credits WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER store_managers_stays BEFORE UPDATE OF coop_id ON store_managers WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER store_withdrawals_stays BEFORE UPDATE OF coop_id ON store_withdrawals WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER stores_stays BEFORE UPDATE OF coop_id ON stores WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER suppliers_stays BEFORE UPDATE OF coop_id ON suppliers WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER till_shifts_stays BEFORE UPDATE OF coop_id ON till_shifts WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER vouchers_stays BEFORE UPDATE OF coop_id ON vouchers WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
;;
CREATE TRIGGER wished_products_stays BEFORE UPDATE OF coop_id ON wished_products WHEN NEW.coop_id <> OLD.coop_id BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END
