"""Kopmart: shops, goods, orders

Revision ID: 0007
Revises: 0006
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('partner_coops',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('partner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_partner_coops_coop_id')),
    sa.ForeignKeyConstraint(['partner_id'], ['coops.id'], name=op.f('fk_partner_coops_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_coops')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_partner_coops_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'partner_id', name=op.f('uq_partner_coops_coop_id_partner_id'))
    )
    op.create_table('shipping_quotes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('origin_id', sa.String(length=20), nullable=False),
    sa.Column('destination_id', sa.String(length=20), nullable=False),
    sa.Column('weight_g', sa.Integer(), nullable=False),
    sa.Column('couriers', sa.String(length=80), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('fetched_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_shipping_quotes_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipping_quotes')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_shipping_quotes_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'origin_id', 'destination_id', 'weight_g', 'couriers', name=op.f('uq_shipping_quotes_coop_id_origin_id_destination_id_weight_g_couriers'))
    )
    op.create_table('suppliers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('contact', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('npwp', sa.String(length=30), nullable=False),
    sa.Column('bank', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_suppliers_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suppliers')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_suppliers_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'name', name=op.f('uq_suppliers_coop_id_name'))
    )
    op.create_table('stores',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('about', sa.String(length=500), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('sells_to_all', sa.Boolean(), nullable=False),
    sa.Column('has_pickup', sa.Boolean(), nullable=False),
    sa.Column('origin_id', sa.String(length=20), nullable=False),
    sa.Column('couriers', sa.String(length=80), nullable=False),
    sa.Column('qris', sa.String(length=600), nullable=False),
    sa.Column('commission_pct', models.base.RateColumn(), nullable=False),
    sa.Column('credit_limit_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('unopened_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('balance_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('bank_name', sa.String(length=60), nullable=False),
    sa.Column('bank_holder', sa.String(length=80), nullable=False),
    sa.Column('bank_account_cipher', sa.LargeBinary(), nullable=True),
    sa.Column('bank_account_masked', sa.String(length=30), nullable=False),
    sa.Column('bank_changed_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('commission_pct >= 0 and commission_pct <= 100000000', name=op.f('ck_stores_commission')),
    sa.CheckConstraint('credit_limit_rp >= 0', name=op.f('ck_stores_credit_limit')),
    sa.ForeignKeyConstraint(['coop_id', 'unit_id'], ['units.coop_id', 'units.id'], name=op.f('fk_stores_coop_id_unit_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_stores_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stores')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_stores_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'slug', name=op.f('uq_stores_coop_id_slug')),
    sa.UniqueConstraint('coop_id', 'unit_id', name=op.f('uq_stores_coop_id_unit_id'))
    )
    op.create_table('campaigns',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('about', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('starts_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('ends_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('discount','flash','event')", name=op.f('ck_campaigns_kind')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_campaigns_window')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_campaigns_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_campaigns_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_campaigns_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_campaigns_coop_id_id'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_campaigns_coop_id_store_id'), ['coop_id', 'store_id'], unique=False)

    op.create_table('products',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('about', sa.String(length=3000), nullable=False),
    sa.Column('category', sa.String(length=20), nullable=False),
    sa.Column('unit_name', sa.String(length=20), nullable=False),
    sa.Column('weight_g', sa.Integer(), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False),
    sa.Column('is_taxed', sa.Boolean(), nullable=False),
    sa.Column('is_consigned', sa.Boolean(), nullable=False),
    sa.Column('supplier_id', sa.Integer(), nullable=True),
    sa.Column('from_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('available', sa.Integer(), nullable=False),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.Column('stars_sum', sa.Integer(), nullable=False),
    sa.Column('reviews', sa.Integer(), nullable=False),
    sa.Column('photo', sa.String(length=60), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('not is_consigned or supplier_id is not null', name=op.f('ck_products_consignor')),
    sa.CheckConstraint('stars_sum >= 0 and reviews >= 0', name=op.f('ck_products_reviews')),
    sa.CheckConstraint('weight_g >= 0', name=op.f('ck_products_weight')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_products_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id', 'supplier_id'], ['suppliers.coop_id', 'suppliers.id'], name=op.f('fk_products_coop_id_supplier_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_products_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_products_coop_id_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_products_public_id'))
    )
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_products_coop_id_store_id'), ['coop_id', 'store_id'], unique=False)
        batch_op.create_index(op.f('ix_products_is_published_category_id'), ['is_published', 'category', 'id'], unique=False)

    op.create_table('shipping_zones',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('places', sa.String(length=500), nullable=False),
    sa.Column('fee_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('eta', sa.String(length=40), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('fee_rp >= 0', name=op.f('ck_shipping_zones_fee')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_shipping_zones_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_shipping_zones_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipping_zones')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_shipping_zones_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'store_id', 'name', name=op.f('uq_shipping_zones_coop_id_store_id_name'))
    )
    op.create_table('store_managers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_store_managers_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_store_managers_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_store_managers_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_store_managers')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_store_managers_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'store_id', 'user_id', name=op.f('uq_store_managers_coop_id_store_id_user_id'))
    )
    op.create_table('store_withdrawals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('pay_to', sa.String(length=160), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('proof_file', sa.String(length=60), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'paid') = (entry_seq is not null)", name=op.f('ck_store_withdrawals_booked')),
    sa.CheckConstraint("state in ('asked','approved','paid','rejected','cancelled')", name=op.f('ck_store_withdrawals_state')),
    sa.CheckConstraint('amount_rp > 0', name=op.f('ck_store_withdrawals_amount')),
    sa.CheckConstraint('decided_by is null or decided_by <> created_by', name=op.f('ck_store_withdrawals_four_eyes')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_store_withdrawals_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_store_withdrawals_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_store_withdrawals_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_store_withdrawals_created_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_store_withdrawals_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_store_withdrawals')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_store_withdrawals_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_store_withdrawals_coop_id_token'))
    )
    with op.batch_alter_table('store_withdrawals', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_store_withdrawals_coop_id_state'), ['coop_id', 'state'], unique=False)

    op.create_table('till_shifts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('cashier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('opening_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('closed_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('expected_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('counted_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (counted_rp is not null)", name=op.f('ck_till_shifts_counted')),
    sa.CheckConstraint("state in ('open','closed')", name=op.f('ck_till_shifts_state')),
    sa.CheckConstraint('opening_rp >= 0', name=op.f('ck_till_shifts_opening')),
    sa.ForeignKeyConstraint(['cashier_id'], ['users.id'], name=op.f('fk_till_shifts_cashier_id')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_till_shifts_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_till_shifts_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_till_shifts_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_till_shifts')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_till_shifts_coop_id_id'))
    )
    with op.batch_alter_table('till_shifts', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_till_shifts_coop_id_store_id_state'), ['coop_id', 'store_id', 'state'], unique=False)

    op.create_table('vouchers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('off_pct', models.base.RateColumn(), nullable=True),
    sa.Column('off_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('most_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('minimum_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('quota', sa.Integer(), nullable=True),
    sa.Column('per_buyer', sa.Integer(), nullable=True),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(length=8), nullable=False),
    sa.Column('starts_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('ends_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("audience in ('all','members','partners')", name=op.f('ck_vouchers_audience')),
    sa.CheckConstraint('(off_pct is null) <> (off_rp is null)', name=op.f('ck_vouchers_one_kind')),
    sa.CheckConstraint('minimum_rp >= 0', name=op.f('ck_vouchers_minimum')),
    sa.CheckConstraint('most_rp is null or most_rp > 0', name=op.f('ck_vouchers_most')),
    sa.CheckConstraint('off_pct is null or (off_pct > 0 and off_pct <= 100000000)', name=op.f('ck_vouchers_off_pct')),
    sa.CheckConstraint('off_rp is null or off_rp > 0', name=op.f('ck_vouchers_off_rp')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_vouchers_window')),
    sa.CheckConstraint('used >= 0 and (quota is null or used <= quota)', name=op.f('ck_vouchers_quota')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_vouchers_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_vouchers_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vouchers')),
    sa.UniqueConstraint('coop_id', 'code', name=op.f('uq_vouchers_coop_id_code')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_vouchers_coop_id_id'))
    )
    op.create_table('campaign_items',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('off_pct', models.base.RateColumn(), nullable=True),
    sa.Column('off_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('quota', sa.Integer(), nullable=True),
    sa.Column('per_buyer', sa.Integer(), nullable=True),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(off_pct is null) <> (off_rp is null)', name=op.f('ck_campaign_items_one_kind')),
    sa.CheckConstraint('off_pct is null or (off_pct > 0 and off_pct < 100000000)', name=op.f('ck_campaign_items_off_pct')),
    sa.CheckConstraint('off_rp is null or off_rp > 0', name=op.f('ck_campaign_items_off_rp')),
    sa.CheckConstraint('quota is null or (quota > 0 and sold <= quota)', name=op.f('ck_campaign_items_quota')),
    sa.CheckConstraint('sold >= 0 and (per_buyer is null or per_buyer > 0)', name=op.f('ck_campaign_items_counts')),
    sa.ForeignKeyConstraint(['coop_id', 'campaign_id'], ['campaigns.coop_id', 'campaigns.id'], name=op.f('fk_campaign_items_coop_id_campaign_id')),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['products.coop_id', 'products.id'], name=op.f('fk_campaign_items_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_campaign_items_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_items')),
    sa.UniqueConstraint('coop_id', 'campaign_id', 'product_id', name=op.f('uq_campaign_items_coop_id_campaign_id_product_id')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_campaign_items_coop_id_id'))
    )
    with op.batch_alter_table('campaign_items', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_campaign_items_coop_id_product_id'), ['coop_id', 'product_id'], unique=False)

    op.create_table('orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=6), nullable=False),
    sa.Column('shift_id', sa.Integer(), nullable=True),
    sa.Column('buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('buyer_name', sa.String(length=80), nullable=False),
    sa.Column('buyer_phone', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('placed_on', sa.Date(), nullable=False),
    sa.Column('placed_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('delivery', sa.String(length=7), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=60), nullable=False),
    sa.Column('courier', sa.String(length=60), nullable=False),
    sa.Column('waybill', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('pay_by', sa.String(length=8), nullable=False),
    sa.Column('goods_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('discount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('voucher_id', sa.Integer(), nullable=True),
    sa.Column('voucher_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('shipping_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('points_used', sa.Integer(), nullable=False),
    sa.Column('points_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('vat_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('total_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('due_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('refunded_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('held_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('claim_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('commission_pct', models.base.RateColumn(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('handed_on', sa.Date(), nullable=True),
    sa.Column('delivered_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('sale_seq', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('complaint', sa.String(length=500), nullable=False),
    sa.Column('complaint_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("channel in ('online','till')", name=op.f('ck_orders_channel')),
    sa.CheckConstraint("delivery in ('pickup','zone','courier','till')", name=op.f('ck_orders_delivery')),
    sa.CheckConstraint("pay_by in ('savings','credit','transfer','cash','qris','gateway')", name=op.f('ck_orders_pay_by')),
    sa.CheckConstraint("state in ('unpaid', 'packing', 'shipped', 'done', 'cancelled', 'returned')", name=op.f('ck_orders_state')),
    sa.CheckConstraint('goods_rp >= 0 and discount_rp >= 0 and voucher_rp >= 0 and shipping_rp >= 0 and points_rp >= 0 and due_rp >= 0 and vat_rp >= 0 and refunded_rp >= 0 and held_rp >= 0 and claim_rp >= 0', name=op.f('ck_orders_amounts')),
    sa.CheckConstraint('total_rp = goods_rp - discount_rp - voucher_rp + shipping_rp and due_rp = total_rp - points_rp', name=op.f('ck_orders_sum')),
    sa.ForeignKeyConstraint(['buyer_id'], ['users.id'], name=op.f('fk_orders_buyer_id')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_orders_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id', 'sale_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_orders_coop_id_sale_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'shift_id'], ['till_shifts.coop_id', 'till_shifts.id'], name=op.f('fk_orders_coop_id_shift_id')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_orders_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id', 'voucher_id'], ['vouchers.coop_id', 'vouchers.id'], name=op.f('fk_orders_coop_id_voucher_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_orders_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_orders_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_orders_coop_id_token')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_orders_coop_id_year_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_orders_public_id'))
    )
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_orders_buyer_id'), ['buyer_id'], unique=False)
        batch_op.create_index(op.f('ix_orders_coop_id_state_expires_at'), ['coop_id', 'state', 'expires_at'], unique=False)
        batch_op.create_index(op.f('ix_orders_coop_id_store_id_state'), ['coop_id', 'store_id', 'state'], unique=False)

    op.create_table('product_grams',
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('gram', sa.String(length=3), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['products.coop_id', 'products.id'], name=op.f('fk_product_grams_coop_id_product_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_product_grams_coop_id')),
    sa.PrimaryKeyConstraint('coop_id', 'product_id', 'gram', name=op.f('pk_product_grams'))
    )
    with op.batch_alter_table('product_grams', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_product_grams_gram_product_id'), ['gram', 'product_id'], unique=False)

    op.create_table('product_photos',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('stored_as', sa.String(length=60), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['products.coop_id', 'products.id'], name=op.f('fk_product_photos_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_product_photos_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_photos')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_product_photos_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'stored_as', name=op.f('uq_product_photos_coop_id_stored_as'))
    )
    with op.batch_alter_table('product_photos', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_product_photos_coop_id_product_id'), ['coop_id', 'product_id'], unique=False)

    op.create_table('product_variants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sku', sa.String(length=40), nullable=False),
    sa.Column('barcode', sa.String(length=40), nullable=True),
    sa.Column('price_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('member_price_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('owner_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('on_hand', sa.Integer(), nullable=False),
    sa.Column('reserved', sa.Integer(), nullable=False),
    sa.Column('value_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('low_at', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('on_hand >= 0 and reserved >= 0 and reserved <= on_hand', name=op.f('ck_product_variants_stock')),
    sa.CheckConstraint('owner_rp >= 0 and low_at >= 0', name=op.f('ck_product_variants_amounts')),
    sa.CheckConstraint('price_rp > 0 and (member_price_rp is null or member_price_rp > 0)', name=op.f('ck_product_variants_prices')),
    sa.CheckConstraint('value_rp >= 0 and (on_hand > 0 or value_rp = 0)', name=op.f('ck_product_variants_value')),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['products.coop_id', 'products.id'], name=op.f('fk_product_variants_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_product_variants_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_variants')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_product_variants_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'sku', name=op.f('uq_product_variants_coop_id_sku'))
    )
    with op.batch_alter_table('product_variants', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_product_variants_coop_id_barcode'), ['coop_id', 'barcode'], unique=False)
        batch_op.create_index(op.f('ix_product_variants_coop_id_product_id'), ['coop_id', 'product_id'], unique=False)

    op.create_table('wished_products',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['products.coop_id', 'products.id'], name=op.f('fk_wished_products_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_wished_products_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_wished_products_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wished_products')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_wished_products_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'product_id', 'user_id', name=op.f('uq_wished_products_coop_id_product_id_user_id'))
    )
    with op.batch_alter_table('wished_products', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_wished_products_user_id'), ['user_id'], unique=False)

    op.create_table('cart_items',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner', sa.String(length=60), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('added_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('quantity between 1 and 9999', name=op.f('ck_cart_items_quantity')),
    sa.ForeignKeyConstraint(['coop_id', 'variant_id'], ['product_variants.coop_id', 'product_variants.id'], name=op.f('fk_cart_items_coop_id_variant_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_cart_items_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cart_items')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_cart_items_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'owner', 'variant_id', name=op.f('uq_cart_items_coop_id_owner_variant_id'))
    )
    with op.batch_alter_table('cart_items', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_cart_items_owner'), ['owner'], unique=False)

    op.create_table('order_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_order_events_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_order_events_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_order_events_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_events')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_order_events_coop_id_id'))
    )
    with op.batch_alter_table('order_events', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_order_events_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)

    op.create_table('order_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=190), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('price_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('discount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('campaign_item_id', sa.Integer(), nullable=True),
    sa.Column('covered', sa.Integer(), nullable=False),
    sa.Column('discount_name', sa.String(length=80), nullable=False),
    sa.Column('voucher_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('points_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('vat_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('is_consigned', sa.Boolean(), nullable=False),
    sa.Column('cost_rp', models.base.RupiahColumn(), nullable=True),
    sa.Column('returned', sa.Integer(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('price_rp > 0 and discount_rp >= 0 and voucher_rp >= 0 and points_rp >= 0', name=op.f('ck_order_lines_amounts')),
    sa.CheckConstraint('quantity > 0 and returned >= 0 and returned <= quantity', name=op.f('ck_order_lines_quantity')),
    sa.ForeignKeyConstraint(['coop_id', 'campaign_item_id'], ['campaign_items.coop_id', 'campaign_items.id'], name=op.f('fk_order_lines_coop_id_campaign_item_id')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_order_lines_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'variant_id'], ['product_variants.coop_id', 'product_variants.id'], name=op.f('fk_order_lines_coop_id_variant_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_order_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_lines')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_order_lines_coop_id_id'))
    )
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_order_lines_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)
        batch_op.create_index(op.f('ix_order_lines_coop_id_variant_id'), ['coop_id', 'variant_id'], unique=False)

    op.create_table('order_payments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('state', sa.String(length=7), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('pay_url', sa.String(length=300), nullable=False),
    sa.Column('said', sa.String(length=40), nullable=False),
    sa.Column('proof', sa.String(length=60), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('sender', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('fee_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('settled_seq', sa.Integer(), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'paid') = (entry_seq is not null)", name=op.f('ck_order_payments_booked')),
    sa.CheckConstraint("kind in ('savings','credit','transfer','cash','qris','gateway')", name=op.f('ck_order_payments_kind')),
    sa.CheckConstraint("state in ('waiting','claimed','paid','failed')", name=op.f('ck_order_payments_state')),
    sa.CheckConstraint('amount_rp > 0 and fee_rp >= 0', name=op.f('ck_order_payments_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_order_payments_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_order_payments_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'settled_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_order_payments_coop_id_settled_seq')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_order_payments_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_payments')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_order_payments_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'reference', name=op.f('uq_order_payments_coop_id_reference'))
    )
    with op.batch_alter_table('order_payments', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_order_payments_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)
        batch_op.create_index(op.f('ix_order_payments_coop_id_state'), ['coop_id', 'state'], unique=False)

    op.create_table('order_returns',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('refund_by', sa.String(length=8), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('refunded_on', sa.Date(), nullable=True),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('asked','rejected','refunded','cancelled')", name=op.f('ck_order_returns_state')),
    sa.CheckConstraint('amount_rp >= 0', name=op.f('ck_order_returns_amount')),
    sa.ForeignKeyConstraint(['asked_by'], ['users.id'], name=op.f('fk_order_returns_asked_by')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_order_returns_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_order_returns_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_order_returns_coop_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['users.id'], name=op.f('fk_order_returns_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_returns')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_order_returns_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_order_returns_coop_id_token'))
    )
    with op.batch_alter_table('order_returns', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_order_returns_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)
        batch_op.create_index(op.f('ix_order_returns_coop_id_state'), ['coop_id', 'state'], unique=False)

    op.create_table('point_movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('value_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('earned','used','given_back','taken_back')", name=op.f('ck_point_movements_kind')),
    sa.CheckConstraint('points <> 0', name=op.f('ck_point_movements_points')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_point_movements_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_point_movements_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_point_movements_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_point_movements_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_movements')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_point_movements_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_point_movements_coop_id_source'))
    )
    with op.batch_alter_table('point_movements', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_point_movements_coop_id_member_id'), ['coop_id', 'member_id'], unique=False)

    op.create_table('stock_movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('value_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('memo', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('opening','receipt','sale','return','count','adjustment','back','consigned')", name=op.f('ck_stock_movements_kind')),
    sa.CheckConstraint('quantity <> 0 or value_rp <> 0', name=op.f('ck_stock_movements_moves')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_stock_movements_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'variant_id'], ['product_variants.coop_id', 'product_variants.id'], name=op.f('fk_stock_movements_coop_id_variant_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_stock_movements_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_stock_movements_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_movements')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_stock_movements_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_stock_movements_coop_id_source'))
    )
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_stock_movements_coop_id_variant_id_booked_on'), ['coop_id', 'variant_id', 'booked_on'], unique=False)

    op.create_table('store_credits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('paid_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_rp > 0 and paid_rp >= 0 and paid_rp <= amount_rp', name=op.f('ck_store_credits_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'member_id'], ['members.coop_id', 'members.id'], name=op.f('fk_store_credits_coop_id_member_id')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_store_credits_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_store_credits_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_store_credits')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_store_credits_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'order_id', name=op.f('uq_store_credits_coop_id_order_id'))
    )
    with op.batch_alter_table('store_credits', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_store_credits_coop_id_member_id'), ['coop_id', 'member_id'], unique=False)

    op.create_table('store_movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('memo', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('sale','commission','refund','withdrawal')", name=op.f('ck_store_movements_kind')),
    sa.CheckConstraint('amount_rp <> 0', name=op.f('ck_store_movements_amount')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_store_movements_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['orders.coop_id', 'orders.id'], name=op.f('fk_store_movements_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_store_movements_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_store_movements_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_store_movements_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_store_movements')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_store_movements_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_store_movements_coop_id_source'))
    )
    with op.batch_alter_table('store_movements', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_store_movements_coop_id_store_id_booked_on'), ['coop_id', 'store_id', 'booked_on'], unique=False)

    op.create_table('order_return_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('return_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('to_stock', sa.Boolean(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_return_lines_quantity')),
    sa.ForeignKeyConstraint(['coop_id', 'line_id'], ['order_lines.coop_id', 'order_lines.id'], name=op.f('fk_order_return_lines_coop_id_line_id')),
    sa.ForeignKeyConstraint(['coop_id', 'return_id'], ['order_returns.coop_id', 'order_returns.id'], name=op.f('fk_order_return_lines_coop_id_return_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_order_return_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_return_lines')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_order_return_lines_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'return_id', 'line_id', name=op.f('uq_order_return_lines_coop_id_return_id_line_id'))
    )
    op.create_table('reviews',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stars', sa.Integer(), nullable=False),
    sa.Column('body', sa.String(length=1000), nullable=False),
    sa.Column('reply', sa.String(length=500), nullable=False),
    sa.Column('is_hidden', sa.Boolean(), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('stars between 1 and 5', name=op.f('ck_reviews_stars')),
    sa.ForeignKeyConstraint(['coop_id', 'line_id'], ['order_lines.coop_id', 'order_lines.id'], name=op.f('fk_reviews_coop_id_line_id')),
    sa.ForeignKeyConstraint(['coop_id', 'product_id'], ['products.coop_id', 'products.id'], name=op.f('fk_reviews_coop_id_product_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_reviews_coop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_reviews_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_reviews_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'line_id', name=op.f('uq_reviews_coop_id_line_id'))
    )
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_reviews_coop_id_product_id'), ['coop_id', 'product_id'], unique=False)

    op.create_table('store_credit_payments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credit_id', sa.Integer(), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount_rp <> 0', name=op.f('ck_store_credit_payments_amount')),
    sa.ForeignKeyConstraint(['coop_id', 'credit_id'], ['store_credits.coop_id', 'store_credits.id'], name=op.f('fk_store_credit_payments_coop_id_credit_id')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_store_credit_payments_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_store_credit_payments_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_store_credit_payments_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_store_credit_payments')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_store_credit_payments_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_store_credit_payments_coop_id_source'))
    )
    with op.batch_alter_table('store_credit_payments', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_store_credit_payments_coop_id_credit_id'), ['coop_id', 'credit_id'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0007_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)
    _new_roles(connection)

_ROLES = {
    "online_clearing": ("11023", "Rekening Penampung Pembayaran Online (QRIS/e-wallet)"),
    "store_receivable": ("1108", "Piutang Usaha Toko - Anggota"),
    "purchase_advances": ("1115", "Uang Muka Pembelian/Pengadaan"),
    "vat_input": ("1117", "Pajak Dibayar di Muka/PPN Masukan"),
    "unit_claim": ("1901", "Rekening Antar Unit/Antar Kantor (RAK) - Aset"),
    "unit_debt": ("2901", "Rekening Antar Unit/Antar Kantor (RAK) - Liabilitas"),
    "supplier_payable": ("2107", "Utang Usaha Toko/Pemasok"),
    "consignment_payable": ("2108", "Utang Konsinyasi (titip jual)"),
    "received_not_billed": ("2116", "Beban yang Masih Harus Dibayar"),
    "order_advances": ("2111", "Pendapatan Diterima di Muka/Voucher Terjual"),
    "points_liability": ("2112", "Liabilitas Poin Loyalitas"),
    "vat_output": ("2113", "PPN Keluaran"),
    "member_sales": ("4301", "Penjualan kepada Anggota"),
    "nonmember_sales": ("4302", "Penjualan kepada Non Anggota"),
    "sales_returns": ("4303", "Retur Penjualan"),
    "sales_discounts": ("4304", "Potongan Penjualan/Diskon/Flash Sale"),
    "voucher_discounts": ("4305", "Potongan Voucher dan Poin"),
    "commission_income": ("4306", "Pendapatan Komisi Merchant/Konsinyasi"),
    "shipping_income": ("4307", "Pendapatan Ongkos Kirim"),
    "member_cost_of_sales": ("5201", "Beban Pokok Penjualan - Anggota"),
    "nonmember_cost_of_sales": ("5202", "Beban Pokok Penjualan - Non Anggota"),
    "stock_difference": ("5203", "Selisih Persediaan (stok opname)"),
    "gateway_fee": ("6113", "Beban Administrasi Bank/Payment Gateway"),
}


def _new_roles(connection: sa.Connection) -> None:
    """Cooperatives on the shipped charts get the roles that are new, as a new cooperative would."""
    for role, (code, name) in _ROLES.items():
        connection.execute(
            sa.text(
                "insert into account_roles (coop_id, role, account_id) select coop_id, :role, id from accounts"
                " where code = :code and name = :name and not is_header"
            ),
            {"role": role, "code": code, "name": name},
        )


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
