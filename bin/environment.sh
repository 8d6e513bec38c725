# shellcheck shell=sh
# Shared by the commands beside it: finds Python, the system packages and the locked environment.
# Expects $root, the project's folder; sets $python and $environment.

# shellcheck disable=SC2154 # assigned by whoever reads this file
environment="$root/.venv"
missing=''

# Where Python may not keep what it compiled, every start compiles all of it again: twice as long.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$@" >&2; }

stop() {
    say "$@"
    exit 1
}

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    found=$(python3 --version 2>/dev/null) || found='no python3'
    stop "Lifeline needs Python 3.11 or newer; this machine has $found." \
        'On Debian 12 and Ubuntu 24.04 this installs it:  sudo apt-get install python3'
}

# need PACKAGE TEST...: remembers the package when its test fails. Tests look for what is used,
# not for package names, so that other systems and hand-made installations pass too.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

program() { command -v "$1"; }
library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1"; }
reads() { tesseract --list-langs | grep -qx "$1"; }
postgresql_server() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
uv_or_venv() { fit_uv || "$python" -c 'import ensurepip, venv'; }

need_to_serve() {
    need libpango-1.0-0 library libpango-1.0.so.0
    need libpangoft2-1.0-0 library libpangoft2-1.0.so.0
    need libharfbuzz-subset0 library libharfbuzz-subset.so.0
    need tesseract-ocr program tesseract
    need tesseract-ocr-rus reads rus
    need tesseract-ocr-ukr reads ukr
    need "$python-venv" uv_or_venv
}

need_to_test() {
    grep -qx ID=ubuntu /etc/os-release || need chromium program chromium
    need libatomic1 library libatomic.so.1
    need poppler-utils program pdftotext
    need postgresql postgresql_server
    need qpdf program qpdf
    need strace program strace
}

install_missing() {
    [ -n "$missing" ] || return 0
    install="apt-get install --yes --no-install-recommends$missing"
    if ! program apt-get >/dev/null; then
        stop "These system packages (Debian's names) are missing:$missing" \
            'This machine has no apt-get: install what corresponds to them, then start this again.'
    elif [ "$(id -u)" -eq 0 ]; then
        as_root=''
    elif sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        stop "These system packages are missing:$missing" "Install them with:  sudo $install" \
            'then start this again.'
    fi
    say "Installing system packages:$missing"
    # shellcheck disable=SC2086 # $as_root and $install are lists of words
    if ! { $as_root apt-get update --quiet &&
        $as_root env DEBIAN_FRONTEND=noninteractive $install --quiet; } >&2; then
        stop "These system packages could not be installed:$missing" \
            "Look at the messages above, then try:  sudo $install"
    fi
}

# A uv of the machine that accepts this project's lock file.
fit_uv() {
    uv=$(command -v uv) && "$uv" tree --frozen --quiet --project "$root" --python "$python"
}

# Otherwise one of our own, at a fixed version, checked by its hashes.
own_uv() {
    uv="$root/.venv-uv/bin/uv"
    "$uv" --version >/dev/null 2>&1 && return
    say 'Getting uv, which installs the Python packages'
    if ! { "$python" -m venv --clear "$root/.venv-uv" &&
        "$root/.venv-uv/bin/python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes --requirement "$root/bin/uv.txt"; } >&2; then
        stop 'uv could not be installed. Is there a connection to the Python package index?'
    fi
}

# sync NAME UV-OPTIONS...: the packages of uv.lock, once; a mark in the environment says which
# lock file, folder and Python it was made for, so that a later start asks nobody.
sync() {
    mark="$environment/.synced-$1"
    shift
    wanted=$(cd "$root" && { pwd && "$python" --version && cat uv.lock pyproject.toml; } | sha256sum)
    if "$environment/bin/python" -c '' 2>/dev/null && [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    fit_uv >/dev/null 2>&1 || own_uv
    say 'Installing the Python packages of uv.lock'
    (cd "$root" && UV_PROJECT_ENVIRONMENT="$environment" "$uv" sync --quiet --frozen --inexact \
        --python "$python" --no-python-downloads "$@" >&2) ||
        stop 'The Python packages could not be installed; the messages above say why.'
    printf '%s\n' "$wanted" >"$mark"
}

# Ubuntu packages Chromium as a snap only, so there the tests use the one that playwright brings.
find_browser() {
    program chromium >/dev/null && return
    ls -d "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium-* >/dev/null 2>&1 && return
    say 'Getting Chromium for the browser tests'
    "$environment/bin/playwright" install --with-deps chromium >&2 ||
        stop 'Chromium could not be installed; the messages above say why.'
}
