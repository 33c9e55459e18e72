"""Refusals: what a person may not do now, said in Indonesian with the way on."""

from typing import Any, ClassVar


class Refusal(Exception):
    """A request we decline. Shown to the person; never logged as a crash.

    `code` is stable for programs, `pesan` is the Indonesian sentence with `{field}` places, `status` the HTTP
    status a face answers with.
    """

    code: ClassVar[str] = "refused"
    pesan: ClassVar[str] = "Permintaan ini tidak dapat dijalankan."
    status: ClassVar[int] = 422

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The sentence to show, its fields filled in."""
        return self.pesan.format(**self.fields)

    @classmethod
    def catalogue(cls) -> dict[str, type["Refusal"]]:
        """Every refusal class that has been imported, by code."""
        found: dict[str, type[Refusal]] = {cls.code: cls}
        for child in cls.__subclasses__():
            found.update(child.catalogue())
        return found


class NotFound(Refusal):
    code = "not_found"
    pesan = "{what} tidak ditemukan. Periksa lagi alamat atau nomornya."
    status = 404


class NotAllowed(Refusal):
    code = "not_allowed"
    pesan = "Anda tidak berhak melakukan ini. Minta pengurus yang berwenang ({permission})."
    status = 403


class SignInFirst(Refusal):
    code = "sign_in_first"
    pesan = "Anda belum masuk, atau sudah keluar karena lama tidak dipakai."
    status = 401


class BooksReadOnly(Refusal):
    code = "books_read_only"
    pesan = (
        "Masa langganan koperasi ini sudah habis, jadi bukunya hanya dapat dibaca dan diunduh. "
        "Pengurus dapat membukanya lagi lewat Pengaturan, Langganan; tidak ada data yang hilang."
    )
    status = 403


class InvalidValue(Refusal):
    code = "invalid_value"
    pesan = "{field}: {reason}"


class StateChanged(Refusal):
    """Somebody else was faster, or the button was pressed twice."""

    code = "state_changed"
    pesan = "{what} sudah {state}. Muat ulang halaman untuk melihat keadaan terbaru."
    status = 409


class Busy(Refusal):
    code = "busy"
    pesan = "Sistem sedang sibuk. Tunggu sebentar lalu coba lagi; tidak ada yang tersimpan."
    status = 503


class StorageFull(Refusal):
    code = "storage_full"
    pesan = "Penyimpanan penuh, jadi tidak ada yang disimpan. Hubungi pengelola server untuk menambah ruang."
    status = 507
