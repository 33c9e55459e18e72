"""What kinds of goods there are: one list for all cooperatives, so that buyers find the same shelf everywhere."""

CATEGORIES: dict[str, str] = {
    "sembako": "Sembako",
    "makanan": "Makanan & camilan",
    "minuman": "Minuman",
    "rumah": "Rumah tangga",
    "elektronik": "Elektronik & pulsa",
    "pakaian": "Pakaian",
    "kesehatan": "Kesehatan",
    "pertanian": "Pertanian",
    "kerajinan": "Kerajinan",
    "sekolah": "Sekolah & kantor",
    "jasa": "Jasa",
    "lainnya": "Lainnya",
}


def label(code: str) -> str:
    """The category as people read it; a code no longer known is `Lainnya`."""
    return CATEGORIES.get(code, CATEGORIES["lainnya"])
