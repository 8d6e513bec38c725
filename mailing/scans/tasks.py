"""What a child process of the scanning room can be asked to do."""

import os
import subprocess

from mailing import barcodes
from mailing.isolation import Refused
from mailing.isolation.terms import Frame, Header, Task
from mailing.scans import opening


def _intake(header: Header, parts: list[bytes]) -> Frame:
    pages = opening.pages(parts[0], header["pages"], header["pixels"])
    return {"sizes": [(page.width, page.height) for page in pages]}, [page.jpeg for page in pages]


def _codes(_header: Header, parts: list[bytes]) -> Frame:
    return {"codes": barcodes.read(opening.picture(parts[0]))}, []


def _draft(header: Header, parts: list[bytes]) -> Frame:
    """The picture goes through a pipe: a reply leaves no file behind."""
    command = ["tesseract", "stdin", "stdout", "-l", header["language"], "--dpi", "300"]
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}  # more threads are slower on few cores
    try:
        run = subprocess.run(
            command, input=parts[0], capture_output=True, check=True, env=environment
        )
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise Refused("no_recognition") from error
    return {"text": run.stdout.decode().strip()}, []


TASKS: dict[str, Task] = {"intake": _intake, "codes": _codes, "draft": _draft}
