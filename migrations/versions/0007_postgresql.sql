CREATE FUNCTION stock_movements_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: stock_movements is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER stock_movements_insert_only BEFORE UPDATE OR DELETE ON stock_movements FOR EACH ROW EXECUTE FUNCTION stock_movements_insert_only()
;;
CREATE TRIGGER stock_movements_no_truncate BEFORE TRUNCATE ON stock_movements FOR EACH STATEMENT EXECUTE FUNCTION stock_movements_insert_only()
;;
CREATE FUNCTION point_movements_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: point_movements is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER point_movements_insert_only BEFORE UPDATE OR DELETE ON point_movements FOR EACH ROW EXECUTE FUNCTION point_movements_insert_only()
;;
CREATE TRIGGER point_movements_no_truncate BEFORE TRUNCATE ON point_movements FOR EACH STATEMENT EXECUTE FUNCTION point_movements_insert_only()
;;
CREATE FUNCTION order_events_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: order_events is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER order_events_insert_only BEFORE UPDATE OR DELETE ON order_events FOR EACH ROW EXECUTE FUNCTION order_events_insert_only()
;;
CREATE TRIGGER order_events_no_truncate BEFORE TRUNCATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION order_events_insert_only()
;;
CREATE FUNCTION store_credit_payments_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: store_credit_payments is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER store_credit_payments_insert_only BEFORE UPDATE OR DELETE ON store_credit_payments FOR EACH ROW EXECUTE FUNCTION store_credit_payments_insert_only()
;;
CREATE TRIGGER store_credit_payments_no_truncate BEFORE TRUNCATE ON store_credit_payments FOR EACH STATEMENT EXECUTE FUNCTION store_credit_payments_insert_only()
;;
CREATE FUNCTION store_movements_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ekopz: store_movements is insert-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
;;
CREATE TRIGGER store_movements_insert_only BEFORE UPDATE OR DELETE ON store_movements FOR EACH ROW EXECUTE FUNCTION store_movements_insert_only()
;;
CREATE TRIGGER store_movements_no_truncate BEFORE TRUNCATE ON store_movements FOR EACH STATEMENT EXECUTE FUNCTION store_movements_insert_only()
;;
CREATE TRIGGER campaign_items_stays BEFORE UPDATE OF coop_id ON campaign_items FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER campaigns_stays BEFORE UPDATE OF coop_id ON campaigns FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER cart_items_stays BEFORE UPDATE OF coop_id ON cart_items FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER order_lines_stays BEFORE UPDATE OF coop_id ON order_lines FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER order_payments_stays BEFORE UPDATE OF coop_id ON order_payments FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER order_return_lines_stays BEFORE UPDATE OF coop_id ON order_return_lines FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER order_returns_stays BEFORE UPDATE OF coop_id ON order_returns FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER orders_stays BEFORE UPDATE OF coop_id ON orders FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER partner_coops_stays BEFORE UPDATE OF coop_id ON partner_coops FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER product_grams_stays BEFORE UPDATE OF coop_id ON product_grams FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER product_photos_stays BEFORE UPDATE OF coop_id ON product_photos FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER product_variants_stays BEFORE UPDATE OF coop_id ON product_variants FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER products_stays BEFORE UPDATE OF coop_id ON products FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER reviews_stays BEFORE UPDATE OF coop_id ON reviews FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER shipping_quotes_stays BEFORE UPDATE OF coop_id ON shipping_quotes FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER shipping_zones_stays BEFORE UPDATE OF coop_id ON shipping_zones FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER store_credits_stays BEFORE UPDATE OF coop_id ON store_credits FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER store_managers_stays BEFORE UPDATE OF coop_id ON store_managers FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER store_withdrawals_stays BEFORE UPDATE OF coop_id ON store_withdrawals FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER stores_stays BEFORE UPDATE OF coop_id ON stores FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER suppliers_stays BEFORE UPDATE OF coop_id ON suppliers FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER till_shifts_stays BEFORE UPDATE OF coop_id ON till_shifts FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER vouchers_stays BEFORE UPDATE OF coop_id ON vouchers FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
CREATE TRIGGER wished_products_stays BEFORE UPDATE OF coop_id ON wished_products FOR EACH ROW EXECUTE FUNCTION coop_stays()
;;
ALTER TABLE campaign_items ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE campaign_items FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON campaign_items USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE campaigns ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE campaigns FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON campaigns USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE cart_items ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE cart_items FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON cart_items USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE order_events ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE order_events FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON order_events USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE order_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE order_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON order_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE order_payments ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE order_payments FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON order_payments USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE order_return_lines ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE order_return_lines FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON order_return_lines USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE order_returns ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE order_returns FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON order_returns USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE orders FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON orders USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE partner_coops ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE partner_coops FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON partner_coops USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE point_movements ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE point_movements FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON point_movements USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE product_grams ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_grams FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON product_grams USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE product_photos ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_photos FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON product_photos USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE product_variants ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE product_variants FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON product_variants USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE products ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE products FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON products USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE reviews FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON reviews USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE shipping_quotes ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE shipping_quotes FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON shipping_quotes USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE shipping_zones ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE shipping_zones FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON shipping_zones USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE stock_movements ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE stock_movements FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON stock_movements USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE store_credit_payments ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE store_credit_payments FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON store_credit_payments USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE store_credits ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE store_credits FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON store_credits USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE store_managers ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE store_managers FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON store_managers USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE store_movements ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE store_movements FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON store_movements USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE store_withdrawals ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE store_withdrawals FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON store_withdrawals USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE stores ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE stores FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON stores USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE suppliers ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE suppliers FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON suppliers USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE till_shifts ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE till_shifts FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON till_shifts USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE vouchers ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE vouchers FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON vouchers USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
;;
ALTER TABLE wished_products ENABLE ROW LEVEL SECURITY
;;
ALTER TABLE wished_products FORCE ROW LEVEL SECURITY
;;
CREATE POLICY own_rows ON wished_products USING (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint) WITH CHECK (current_setting('app.coop_id', true) = 'platform' OR coop_id = nullif(nullif(current_setting('app.coop_id', true), 'platform'), '')::bigint)
