#!/usr/bin/env bash
# eKopz: satu pintu untuk semua perintah.
#
#   ./run.sh                    siapkan, lalu jalankan di http://127.0.0.1:8080 (PORT) dengan data contoh bila kosong
#   ./run.sh test [opsi]        siapkan yang dibutuhkan, lalu jalankan semua pengujian
#   ./run.sh bench [NAMA] [--json BERKAS]
#   ./run.sh lint | format | migrate | seed | serve | docs
#   ./run.sh migration "APA YANG BERUBAH"     tulis migrasi berikut dari perbedaan models/ dengan basis data baru
#   ./run.sh coop create --slug S --name N [--chart NAMA|BERKAS.csv] | coop list
#   ./run.sh operator create --username U --name N [--role operator_platform|redaktur|penulis]
#   ./run.sh user link NAMA_PENGGUNA | user reset-factor NAMA_PENGGUNA
#   ./run.sh import JENIS BERKAS… --coop S [--commit] [--format json]
#   ./run.sh report NAMA --coop S [--from D] [--to D] [--as-of D] [--format text|json|xlsx|pdf] [--out BERKAS]
#   ./run.sh export journal --coop S [--format hledger|beancount|csv] [--out BERKAS]
#   ./run.sh loan-schedule --principal RP --rate PCT --rate-basis year|month|term --method flat|effective|annuity
#           --term N --period month|week|day [--first-due D] [--round-to RP] [--round-what installment|parts]
#           [--round-mode half-up|half-even|down|up] [--grace N] [--format text|json]
#   ./run.sh verify [--coop S] | jobs daily|worker | backup BERKAS | restore BERKAS
#   ./run.sh help
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
start_dir="$PWD"
venv="$here/.venv"
export PYTHONPATH="$here" EKOPZ_DATA="${EKOPZ_DATA:-$here/.data}"

say() { printf '%s\n' "$*" >&2; }
fail() { say "eKopz: $*"; exit 1; }

python_found() {
  local name
  for name in python3.13 python3.12 python3.11 python3.14 python3; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"; return
    fi
  done
  fail "perlu Python 3.11 atau lebih baru. Pasang dulu, misalnya: apt-get install python3 python3-venv"
}

# install FILE…: into the virtual environment, once per content of the files
install() {
  local stamp="$venv/.installed-$1" want log python file wanted=()
  for file in "$@"; do wanted+=(-r "$here/$file"); done
  want="$(cd "$here" && cat "$@" | sha256sum | cut -d' ' -f1)"
  if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then return; fi
  python="$(python_found)"
  log="$(mktemp)"
  say "Menyiapkan pustaka (sekali saja, satu dua menit) …"
  if ! fetch >"$log" 2>&1; then
    tail -20 "$log" >&2
    fail "pemasangan pustaka gagal; sebabnya di atas. Periksa jaringan dan ruang disk, lalu ulangi."
  fi
  printf '%s' "$want" >"$stamp"
  rm -f "$log"
}

# fetch: what install() found wanting ($python, $wanted), with uv when present, else pip; both trust whom the system trusts
fetch() {
  if uv --version >/dev/null 2>&1; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-true}"  # new name, old name
    [ -x "$venv/bin/python" ] || uv venv -q --clear --python "$python" "$venv" || return
    uv pip install -q --python "$venv/bin/python" --require-hashes "${wanted[@]}"
  else
    [ -x "$venv/bin/pip" ] || "$python" -m venv --clear "$venv" || return
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes "${wanted[@]}"
  fi
}

# debian PACKAGE COMMAND: what the tests need from the system, installed when missing
debian() {
  command -v "$2" >/dev/null && return
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || fail "pengujian perlu '$2'. Pasang paket '$1' dulu."
  say "Memasang $1 untuk pengujian …"
  local log; log="$(mktemp)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1; } >"$log" 2>&1 ||
    { tail -10 "$log" >&2; fail "paket $1 tidak terpasang; lihat baris di atas."; }
}

# in_memory: the tests' databases lie in memory where there is room, else on the disk, which takes half as long again
in_memory() {
  local free_kb; free_kb="$(df -k --output=avail /dev/shm 2>/dev/null | tail -1)"
  [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "${free_kb:-0}" -gt 1000000 ] || return 0
  TMPDIR="$(mktemp -d /dev/shm/ekopz-tests-XXXXXX)"; export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
  chmod 755 "$TMPDIR"  # the database server of the tests runs as a user of its own
}

runtime() { install requirements.txt; }
development() { install requirements.txt; install requirements-dev.txt requirements.txt; }
ekopz() { cd "$start_dir"; exec "$venv/bin/python" -m cli "$@"; }

case "${1:-}" in
  "") runtime; cd "$start_dir"; "$venv/bin/python" -m cli migrate --quiet; "$venv/bin/python" -m cli seed --when-empty; ekopz serve ;;
  help | -h | --help) sed -n '2,/^set -/p' "${BASH_SOURCE[0]}" | sed '$d; s/^# \{0,1\}//' ;;
  test)
    shift; development
    debian "chromium fonts-liberation" chromium
    debian hledger hledger
    in_memory
    cd "$here"; "$venv/bin/python" -m pytest -n "${TEST_WORKERS:-2}" --dist worksteal -q "$@" ;;
  bench) shift; development; cd "$start_dir"; exec "$venv/bin/python" -m bench "$@" ;;
  lint)
    development; cd "$here"
    "$venv/bin/ruff" check . && "$venv/bin/ruff" format --check . && "$venv/bin/mypy" && "$venv/bin/lint-imports" ;;
  format) development; cd "$here"; "$venv/bin/ruff" check --fix . ; exec "$venv/bin/ruff" format . ;;
  migration)
    shift; [ $# -gt 0 ] || fail 'sebutkan apa yang berubah: ./run.sh migration "saldo per unit"'
    runtime; cd "$here"; scratch="$(mktemp -d)"; trap 'rm -rf "$scratch"' EXIT
    export EKOPZ_DATA="$scratch" DATABASE_URL="sqlite:///$scratch/fresh.db"
    "$venv/bin/python" -m alembic upgrade head && "$venv/bin/python" -m alembic revision --autogenerate -m "$*" ;;
  docs) runtime; exec "$venv/bin/python" -m cli.docs ;;
  serve | migrate | seed | coop | operator | user | import | report | export | verify | loan-schedule | jobs | backup | restore) runtime; ekopz "$@" ;;
  *) say "Perintah '$1' tidak dikenal."; "${BASH_SOURCE[0]}" help >&2; exit 2 ;;
esac
