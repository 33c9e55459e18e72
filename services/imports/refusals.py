"""What booking an import refuses; what is wrong with a file itself is told in the preview instead."""

from core.errors import Refusal


class PreviewHasProblems(Refusal):
    code = "imports.preview_has_problems"
    pesan = "Ada {count} masalah di berkas ini, jadi tidak ada yang dibukukan. Perbaiki semuanya lalu unggah lagi."


class BookedMeanwhile(Refusal):
    code = "imports.booked_meanwhile"
    pesan = "{name} sudah dibukukan sementara pratinjau ini ditampilkan. Lihat lagi pratinjaunya."
    status = 409
