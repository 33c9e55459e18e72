"""Is it safe and sensible to read this file at all? Answered from its bytes, before anything is parsed."""

import io
import zipfile
from pathlib import PurePosixPath
from xml.parsers import expat

from services.imports.sheets import FileRefused

BYTES_LIMIT = 10 * 1024 * 1024
UNPACKED_LIMIT = 200 * 1024 * 1024
RATIO_LIMIT = 100
MEMBERS_LIMIT = 1000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXTENSIONS = {".xlsx", ".xls", ".csv", ".txt", ".tsv", ".htm", ".html"}
_MACRO_EXTENSIONS = {".xlsm", ".xltm", ".xlam", ".xlsb", ".xla"}
_SAVE_AS = "Buka di Excel, pilih Simpan Sebagai, jenis Excel Workbook (.xlsx), lalu unggah lagi."
_AGAIN = "Minta salinan yang utuh lalu unggah lagi."


def acceptable(file: str, size: int) -> str:
    """The extension of a file whose name and size allow to look further.

    Raises:
        FileRefused: empty, too large, with macros by its name, or of a kind we do not read.
    """
    extension = PurePosixPath(file.replace("\\", "/")).suffix.lower()
    if not size:
        raise _refused(file, "berkas kosong (0 byte).", "Periksa berkas aslinya lalu unggah lagi.")
    if size > BYTES_LIMIT:
        raise _refused(file, "berkas lebih besar dari 10 MB.", "Bagi per bulan menjadi beberapa berkas.")
    if extension in _MACRO_EXTENSIONS:
        raise _refused(file, "berkas dengan makro tidak diterima.", _SAVE_AS)
    if extension not in _EXTENSIONS:
        raise _refused(file, f"jenis berkas '{extension or 'tanpa akhiran'}' tidak dikenal.", "Unggah .xlsx atau .csv.")
    return extension


def form_of(file: str, content: bytes) -> str:
    """What the file really is: `xlsx`, `html` or `text`. `file` is its name as shown to people.

    Raises:
        FileRefused: too large, empty, damaged, protected, with macros, or not what its name says.
    """
    extension = acceptable(file, len(content))
    found = _by_content(file, content)
    if found == "xlsx" and extension != ".xlsx":
        reason = f"isinya berkas Excel (zip), bukan seperti akhiran namanya ({extension})."
        raise _refused(file, reason, "Ganti akhiran namanya menjadi .xlsx, atau unggah berkas yang benar.")
    if found != "xlsx" and extension == ".xlsx":
        reason = "isinya bukan buku kerja Excel melainkan teks; isi dan akhiran nama berbeda."
        raise _refused(file, reason, "Ganti akhiran namanya menjadi .csv, atau simpan ulang sebagai .xlsx.")
    return found


def _refused(file: str, reason: str, advice: str) -> FileRefused:
    return FileRefused(file=file, reason=reason, advice=advice)


def _by_content(file: str, content: bytes) -> str:
    if content.startswith(b"PK"):
        _check_zip(file, content)
        return "xlsx"
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
            raise _refused(file, "buku kerja ini dikunci kata sandi.", "Simpan salinan tanpa kata sandi sebagai .xlsx.")
        raise _refused(file, "ini berkas Excel lama (.xls) atau berkas terkunci.", _SAVE_AS)
    head = content[:4096]
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf16 and (b"\x00" in head or any(byte < 9 or 14 <= byte < 27 for byte in head)):
        raise _refused(file, "isinya bukan buku kerja dan bukan teks (mungkin gambar atau PDF).", _SAVE_AS)
    start = head.decode("utf-16" if is_utf16 else "latin-1", "ignore").lstrip("\ufeff\u00ef\u00bb\u00bf \t\r\n").lower()
    if start.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<style", "<body", "<div")):
        return "html"
    if start.startswith("<?xml") and ("schemas-microsoft-com:office:spreadsheet" in start or "<!doctype" in start):
        raise _refused(file, "ini berkas XML, bukan buku kerja.", _SAVE_AS)
    if start.startswith("<?xml"):
        return "html"
    return "text"


def _check_zip(file: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(file, archive, len(content))
            _check_parts(file, archive)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise _refused(file, "berkas rusak atau tidak lengkap.", _AGAIN) from None
    except RuntimeError:  # zipfile's word for a password
        raise _refused(file, "buku kerja ini dikunci kata sandi.", "Simpan salinan tanpa kata sandi.") from None


def _check_members(file: str, archive: zipfile.ZipFile, packed: int) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MEMBERS_LIMIT:
        raise _refused(file, f"berkas berisi {len(members)} bagian, lebih dari {MEMBERS_LIMIT}.", _SAVE_AS)
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in name or "\x00" in name:
            raise _refused(file, "berkas berisi alamat yang tidak aman, jadi tidak dibuka.", _AGAIN)
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * packed:
        reason = f"isi berkas mengembang menjadi {unpacked // 1_000_000} MB, di atas batas."
        raise _refused(file, reason, "Hapus lembar dan baris kosong, atau bagi per bulan.")
    lowered = {name.lower() for name in names}
    if len(lowered) != len(names):
        raise _refused(file, "berkas berisi dua bagian bernama sama.", _AGAIN)
    if any(member.flag_bits & 1 for member in members):
        raise _refused(file, "buku kerja ini dikunci kata sandi.", "Simpan salinan tanpa kata sandi.")
    if any("vbaproject" in name or "/macrosheets/" in name for name in lowered):
        raise _refused(file, "berkas dengan makro tidak diterima.", _SAVE_AS)
    if any("/externallinks/" in name for name in lowered):
        advice = "Di Excel: Data > Edit Links > Break Link, simpan, lalu unggah lagi."
        raise _refused(file, "berkas mengambil angka dari berkas lain.", advice)
    if "xl/workbook.xml" not in lowered:
        raise _refused(file, "isinya bukan buku kerja Excel.", _SAVE_AS)


def _check_parts(file: str, archive: zipfile.ZipFile) -> None:
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels", ".vml")) and _has_doctype(archive, member):
            raise _refused(file, "berkas berisi XML dengan DTD, yang tidak diterima.", _SAVE_AS)


class _Seen(Exception):
    """The first element (or the DTD before it) was reached; no need to read on."""


def _has_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    found: list[bool] = []

    def doctype(*_: object) -> None:
        found.append(True)
        raise _Seen

    def element(*_: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = doctype, element
    try:
        with archive.open(member) as part:
            while chunk := part.read(4096):
                parser.Parse(chunk)
    except _Seen:
        pass
    except expat.ExpatError:
        raise zipfile.BadZipFile from None
    return bool(found)
