"""Procurement (pengadaan): suppliers, what is asked for, quotations, orders, what came, bills, payments, papers."""

from models.procurement.asking import PurchaseRequest, PurchaseRequestLine, Quotation, QuotationLine
from models.procurement.billing import PurchaseDocument, SupplierBill, SupplierBillLine, SupplierPayment
from models.procurement.ordering import GoodsReceipt, GoodsReceiptLine, PurchaseOrder, PurchaseOrderLine
from models.procurement.suppliers import Supplier

__all__ = [
    "GoodsReceipt",
    "GoodsReceiptLine",
    "PurchaseDocument",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseRequest",
    "PurchaseRequestLine",
    "Quotation",
    "QuotationLine",
    "Supplier",
    "SupplierBill",
    "SupplierBillLine",
    "SupplierPayment",
]
