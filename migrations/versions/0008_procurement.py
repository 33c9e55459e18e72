"""Procurement: requests, quotations, orders, receipts, bills, payments, papers

Revision ID: 0008
Revises: 0007
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

import models.base

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('purchase_requests',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('needed_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('open','ordered','cancelled')", name=op.f('ck_purchase_requests_state')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_purchase_requests_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id', 'unit_id'], ['units.coop_id', 'units.id'], name=op.f('fk_purchase_requests_coop_id_unit_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_purchase_requests_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_purchase_requests_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_requests')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_purchase_requests_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_purchase_requests_coop_id_token')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_purchase_requests_coop_id_year_number'))
    )
    with op.batch_alter_table('purchase_requests', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_purchase_requests_coop_id_state'), ['coop_id', 'state'], unique=False)

    op.create_table('quotations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('supplier_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('quoted_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('terms', sa.String(length=200), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['coop_id', 'request_id'], ['purchase_requests.coop_id', 'purchase_requests.id'], name=op.f('fk_quotations_coop_id_request_id')),
    sa.ForeignKeyConstraint(['coop_id', 'supplier_id'], ['suppliers.coop_id', 'suppliers.id'], name=op.f('fk_quotations_coop_id_supplier_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_quotations_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_quotations_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotations')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_quotations_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_quotations_coop_id_token'))
    )
    with op.batch_alter_table('quotations', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_quotations_coop_id_request_id'), ['coop_id', 'request_id'], unique=False)

    op.create_table('purchase_orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=60), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=True),
    sa.Column('supplier_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('quotation_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('ordered_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('terms', sa.String(length=200), nullable=False),
    sa.Column('deliver_to', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('total_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('approved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', models.base.Moment(timezone=True), nullable=True),
    sa.Column('ended_note', sa.String(length=200), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state in ('asked', 'approved', 'closed', 'rejected', 'cancelled')", name=op.f('ck_purchase_orders_state')),
    sa.CheckConstraint("state not in ('approved','closed') or approved_by is not null", name=op.f('ck_purchase_orders_approved')),
    sa.CheckConstraint('approved_by is null or approved_by <> created_by', name=op.f('ck_purchase_orders_four_eyes')),
    sa.CheckConstraint('total_rp > 0', name=op.f('ck_purchase_orders_total')),
    sa.ForeignKeyConstraint(['approved_by'], ['users.id'], name=op.f('fk_purchase_orders_approved_by')),
    sa.ForeignKeyConstraint(['coop_id', 'quotation_id'], ['quotations.coop_id', 'quotations.id'], name=op.f('fk_purchase_orders_coop_id_quotation_id')),
    sa.ForeignKeyConstraint(['coop_id', 'request_id'], ['purchase_requests.coop_id', 'purchase_requests.id'], name=op.f('fk_purchase_orders_coop_id_request_id')),
    sa.ForeignKeyConstraint(['coop_id', 'store_id'], ['stores.coop_id', 'stores.id'], name=op.f('fk_purchase_orders_coop_id_store_id')),
    sa.ForeignKeyConstraint(['coop_id', 'supplier_id'], ['suppliers.coop_id', 'suppliers.id'], name=op.f('fk_purchase_orders_coop_id_supplier_id')),
    sa.ForeignKeyConstraint(['coop_id', 'unit_id'], ['units.coop_id', 'units.id'], name=op.f('fk_purchase_orders_coop_id_unit_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_purchase_orders_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_purchase_orders_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_orders')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_purchase_orders_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'token', name=op.f('uq_purchase_orders_coop_id_token')),
    sa.UniqueConstraint('coop_id', 'year', 'number', name=op.f('uq_purchase_orders_coop_id_year_number'))
    )
    with op.batch_alter_table('purchase_orders', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_purchase_orders_coop_id_state'), ['coop_id', 'state'], unique=False)
        batch_op.create_index(op.f('ix_purchase_orders_coop_id_supplier_id'), ['coop_id', 'supplier_id'], unique=False)

    op.create_table('purchase_request_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=190), nullable=False),
    sa.Column('unit_name', sa.String(length=20), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('estimate_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('quantity > 0 and estimate_rp >= 0', name=op.f('ck_purchase_request_lines_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'request_id'], ['purchase_requests.coop_id', 'purchase_requests.id'], name=op.f('fk_purchase_request_lines_coop_id_request_id')),
    sa.ForeignKeyConstraint(['coop_id', 'variant_id'], ['product_variants.coop_id', 'product_variants.id'], name=op.f('fk_purchase_request_lines_coop_id_variant_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_purchase_request_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_request_lines')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_purchase_request_lines_coop_id_id'))
    )
    with op.batch_alter_table('purchase_request_lines', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_purchase_request_lines_coop_id_request_id'), ['coop_id', 'request_id'], unique=False)

    op.create_table('goods_receipts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('delivery_no', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('total_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(total_rp < 0) = (reverses_id is not null) and total_rp <> 0', name=op.f('ck_goods_receipts_total')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_goods_receipts_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['purchase_orders.coop_id', 'purchase_orders.id'], name=op.f('fk_goods_receipts_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'reverses_id'], ['goods_receipts.coop_id', 'goods_receipts.id'], name=op.f('fk_goods_receipts_coop_id_reverses_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_goods_receipts_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_goods_receipts_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goods_receipts')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_goods_receipts_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'reverses_id', name=op.f('uq_goods_receipts_coop_id_reverses_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_goods_receipts_coop_id_source'))
    )
    with op.batch_alter_table('goods_receipts', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_goods_receipts_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)

    op.create_table('purchase_documents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=9), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('stored_as', sa.String(length=60), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind in ('contract','quotation','delivery','bill','other')", name=op.f('ck_purchase_documents_kind')),
    sa.CheckConstraint('(request_id is null) <> (order_id is null)', name=op.f('ck_purchase_documents_belongs')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['purchase_orders.coop_id', 'purchase_orders.id'], name=op.f('fk_purchase_documents_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'request_id'], ['purchase_requests.coop_id', 'purchase_requests.id'], name=op.f('fk_purchase_documents_coop_id_request_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_purchase_documents_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_purchase_documents_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_documents')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_purchase_documents_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'stored_as', name=op.f('uq_purchase_documents_coop_id_stored_as'))
    )
    with op.batch_alter_table('purchase_documents', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_purchase_documents_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)
        batch_op.create_index(op.f('ix_purchase_documents_coop_id_request_id'), ['coop_id', 'request_id'], unique=False)

    op.create_table('purchase_order_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('request_line_id', sa.Integer(), nullable=False),
    sa.Column('variant_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=190), nullable=False),
    sa.Column('unit_name', sa.String(length=20), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('price_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(variant_id is null) <> (account_id is null)', name=op.f('ck_purchase_order_lines_goes_to')),
    sa.CheckConstraint('quantity > 0 and price_rp > 0', name=op.f('ck_purchase_order_lines_amounts')),
    sa.CheckConstraint('received >= 0 and received <= quantity', name=op.f('ck_purchase_order_lines_received')),
    sa.ForeignKeyConstraint(['coop_id', 'account_id'], ['accounts.coop_id', 'accounts.id'], name=op.f('fk_purchase_order_lines_coop_id_account_id')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['purchase_orders.coop_id', 'purchase_orders.id'], name=op.f('fk_purchase_order_lines_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'request_line_id'], ['purchase_request_lines.coop_id', 'purchase_request_lines.id'], name=op.f('fk_purchase_order_lines_coop_id_request_line_id')),
    sa.ForeignKeyConstraint(['coop_id', 'variant_id'], ['product_variants.coop_id', 'product_variants.id'], name=op.f('fk_purchase_order_lines_coop_id_variant_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_purchase_order_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_order_lines')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_purchase_order_lines_coop_id_id'))
    )
    with op.batch_alter_table('purchase_order_lines', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_purchase_order_lines_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)
        batch_op.create_index(op.f('ix_purchase_order_lines_coop_id_request_line_id'), ['coop_id', 'request_line_id'], unique=False)

    op.create_table('quotation_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quotation_id', sa.Integer(), nullable=False),
    sa.Column('request_line_id', sa.Integer(), nullable=False),
    sa.Column('price_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('price_rp > 0', name=op.f('ck_quotation_lines_price')),
    sa.ForeignKeyConstraint(['coop_id', 'quotation_id'], ['quotations.coop_id', 'quotations.id'], name=op.f('fk_quotation_lines_coop_id_quotation_id')),
    sa.ForeignKeyConstraint(['coop_id', 'request_line_id'], ['purchase_request_lines.coop_id', 'purchase_request_lines.id'], name=op.f('fk_quotation_lines_coop_id_request_line_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_quotation_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotation_lines')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_quotation_lines_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'quotation_id', 'request_line_id', name=op.f('uq_quotation_lines_coop_id_quotation_id_request_line_id'))
    )
    op.create_table('supplier_bills',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('supplier_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('billed_on', sa.Date(), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=6), nullable=False),
    sa.Column('value_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('difference_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('vat_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('total_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('paid_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('undone_seq', sa.Integer(), nullable=True),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(state = 'paid') = (paid_rp = total_rp)", name=op.f('ck_supplier_bills_settled')),
    sa.CheckConstraint("(state = 'undone') = (undone_seq is not null)", name=op.f('ck_supplier_bills_undone')),
    sa.CheckConstraint("state in ('open','paid','undone')", name=op.f('ck_supplier_bills_state')),
    sa.CheckConstraint('paid_rp >= 0 and paid_rp <= total_rp', name=op.f('ck_supplier_bills_paid')),
    sa.CheckConstraint('total_rp = value_rp + difference_rp + vat_rp', name=op.f('ck_supplier_bills_sum')),
    sa.CheckConstraint('value_rp > 0 and vat_rp >= 0 and total_rp > 0', name=op.f('ck_supplier_bills_amounts')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_supplier_bills_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['purchase_orders.coop_id', 'purchase_orders.id'], name=op.f('fk_supplier_bills_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'supplier_id'], ['suppliers.coop_id', 'suppliers.id'], name=op.f('fk_supplier_bills_coop_id_supplier_id')),
    sa.ForeignKeyConstraint(['coop_id', 'undone_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_supplier_bills_coop_id_undone_seq')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_supplier_bills_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_supplier_bills_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_bills')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_supplier_bills_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_supplier_bills_coop_id_source'))
    )
    with op.batch_alter_table('supplier_bills', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_supplier_bills_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)
        batch_op.create_index(op.f('ix_supplier_bills_coop_id_state_due_on'), ['coop_id', 'state', 'due_on'], unique=False)

    op.create_table('goods_receipt_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('receipt_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('value_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('quantity <> 0 and (quantity > 0) = (value_rp > 0)', name=op.f('ck_goods_receipt_lines_quantity')),
    sa.ForeignKeyConstraint(['coop_id', 'line_id'], ['purchase_order_lines.coop_id', 'purchase_order_lines.id'], name=op.f('fk_goods_receipt_lines_coop_id_line_id')),
    sa.ForeignKeyConstraint(['coop_id', 'receipt_id'], ['goods_receipts.coop_id', 'goods_receipts.id'], name=op.f('fk_goods_receipt_lines_coop_id_receipt_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_goods_receipt_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_goods_receipt_lines')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_goods_receipt_lines_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'receipt_id', 'line_id', name=op.f('uq_goods_receipt_lines_coop_id_receipt_id_line_id'))
    )
    with op.batch_alter_table('goods_receipt_lines', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_goods_receipt_lines_coop_id_line_id'), ['coop_id', 'line_id'], unique=False)

    op.create_table('supplier_payments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('bill_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=7), nullable=False),
    sa.Column('amount_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('advance_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('paid_from', sa.String(length=150), nullable=False),
    sa.Column('voucher_no', sa.String(length=60), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=160), nullable=False),
    sa.Column('entry_seq', sa.Integer(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', models.base.Moment(timezone=True), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(kind = 'payment') = (bill_id is not null)", name=op.f('ck_supplier_payments_bill')),
    sa.CheckConstraint("advance_rp = 0 or (kind = 'payment' and abs(advance_rp) <= abs(amount_rp) and (advance_rp < 0) = (amount_rp < 0))", name=op.f('ck_supplier_payments_advance')),
    sa.CheckConstraint("kind in ('advance','payment','refund')", name=op.f('ck_supplier_payments_kind')),
    sa.CheckConstraint('(amount_rp < 0) = (reverses_id is not null) and amount_rp <> 0', name=op.f('ck_supplier_payments_amount')),
    sa.ForeignKeyConstraint(['coop_id', 'bill_id'], ['supplier_bills.coop_id', 'supplier_bills.id'], name=op.f('fk_supplier_payments_coop_id_bill_id')),
    sa.ForeignKeyConstraint(['coop_id', 'entry_seq'], ['journal_entries.coop_id', 'journal_entries.seq'], name=op.f('fk_supplier_payments_coop_id_entry_seq')),
    sa.ForeignKeyConstraint(['coop_id', 'order_id'], ['purchase_orders.coop_id', 'purchase_orders.id'], name=op.f('fk_supplier_payments_coop_id_order_id')),
    sa.ForeignKeyConstraint(['coop_id', 'reverses_id'], ['supplier_payments.coop_id', 'supplier_payments.id'], name=op.f('fk_supplier_payments_coop_id_reverses_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_supplier_payments_coop_id')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_supplier_payments_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_payments')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_supplier_payments_coop_id_id')),
    sa.UniqueConstraint('coop_id', 'reverses_id', name=op.f('uq_supplier_payments_coop_id_reverses_id')),
    sa.UniqueConstraint('coop_id', 'source', name=op.f('uq_supplier_payments_coop_id_source'))
    )
    with op.batch_alter_table('supplier_payments', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_supplier_payments_coop_id_bill_id'), ['coop_id', 'bill_id'], unique=False)
        batch_op.create_index(op.f('ix_supplier_payments_coop_id_order_id'), ['coop_id', 'order_id'], unique=False)

    op.create_table('supplier_bill_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bill_id', sa.Integer(), nullable=False),
    sa.Column('receipt_line_id', sa.Integer(), nullable=False),
    sa.Column('billed_rp', models.base.RupiahColumn(), nullable=False),
    sa.Column('coop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('billed_rp >= 0', name=op.f('ck_supplier_bill_lines_billed')),
    sa.ForeignKeyConstraint(['coop_id', 'bill_id'], ['supplier_bills.coop_id', 'supplier_bills.id'], name=op.f('fk_supplier_bill_lines_coop_id_bill_id')),
    sa.ForeignKeyConstraint(['coop_id', 'receipt_line_id'], ['goods_receipt_lines.coop_id', 'goods_receipt_lines.id'], name=op.f('fk_supplier_bill_lines_coop_id_receipt_line_id')),
    sa.ForeignKeyConstraint(['coop_id'], ['coops.id'], name=op.f('fk_supplier_bill_lines_coop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_bill_lines')),
    sa.UniqueConstraint('coop_id', 'bill_id', 'receipt_line_id', name=op.f('uq_supplier_bill_lines_coop_id_bill_id_receipt_line_id')),
    sa.UniqueConstraint('coop_id', 'id', name=op.f('uq_supplier_bill_lines_coop_id_id'))
    )
    with op.batch_alter_table('supplier_bill_lines', schema=None) as batch_op:
        batch_op.create_index(op.f('ix_supplier_bill_lines_coop_id_receipt_line_id'), ['coop_id', 'receipt_line_id'], unique=False)

    connection = op.get_bind()
    frozen = Path(__file__).with_name(f"0008_{connection.dialect.name}.sql").read_text()
    for statement in frozen.split("\n;;\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise RuntimeError("a revision has no way back; restore a backup")
