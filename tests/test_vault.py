"""Sealed files: what is acknowledged is on disk, the folders that name it too."""

import os
from pathlib import Path

import pytest

from app import sealing
from app.sealing import Keyring
from app.vault import Vault


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Whatever is synced from now on, in its order."""
    seen: list[Path] = []
    fsync = os.fsync

    def noted(opened: int) -> None:
        seen.append(Path(f"/proc/self/fd/{opened}").readlink())
        fsync(opened)

    monkeypatch.setattr(os, "fsync", noted)
    return seen


@pytest.mark.trust(58)
def test_a_file_and_every_folder_on_the_way_to_it_are_synced(
    keyring: Keyring, data_dir: Path, synced: list[Path]
) -> None:
    vault = Vault(data_dir / "vault")
    file_id = vault.put(b"a page")
    shard = vault.folder / file_id[:2]
    assert {shard, vault.folder, data_dir} <= set(synced)
    assert synced[-2:] == [(shard / file_id).with_suffix(".part"), shard]
    synced.clear()
    Vault(data_dir / "vault").put(b"another process cannot know who made the folder")
    assert vault.folder in synced


@pytest.mark.trust(22)
def test_a_file_that_is_sealed_anew_is_synced(
    keyring: Keyring, data_dir: Path, synced: list[Path]
) -> None:
    vault = Vault(data_dir / "vault")
    file_id = vault.put(b"a page")
    sealing.use(keyring.rotated())
    synced.clear()
    assert vault.reseal(file_id)
    shard = vault.folder / file_id[:2]
    assert synced == [(shard / file_id).with_suffix(".part"), shard]
    assert vault.get(file_id) == b"a page"


@pytest.mark.trust(22)
def test_new_keys_are_on_disk_under_their_name_before_anything_is_sealed_with_them(
    keyring: Keyring, tmp_path: Path, synced: list[Path]
) -> None:
    sealing.write_keyring(tmp_path / "own.key", keyring.rotated())
    assert synced == [tmp_path / "own.key.new", tmp_path]
