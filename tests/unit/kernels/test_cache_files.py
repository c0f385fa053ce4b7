"""Files of compiled kernels: of this user alone, whole, or not used."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from unit.kernels.accounts import SCRIPTS, STRANGER, require_root, run_as_stranger
from vagus.kernels import cache_files

pytestmark = pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off")

USE_A_KERNEL = """
import numpy as np
from vagus.kernels.dada.words import share_words
words = np.ones(8, np.uint8)
print(share_words(words, words), sum(share_words.stats.cache_misses.values()))
"""
COMPILED, LOADED = "8 1\n", "8 0\n"
PLANT = """
import sys
from pathlib import Path
from vagus.kernels.cache_files import write_checked
write_checked(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
"""


class Bomb:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.trace),)


def use_a_kernel(cache: Path) -> str:
    """Run a kernel in a process of its own: its result, and the versions that it compiled."""
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", USE_A_KERNEL],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def find_file(cache: Path) -> Path:
    """The one file of a cache."""
    (found,) = cache.rglob("*.nbc")
    return found


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache with one compiled kernel."""
    assert use_a_kernel(tmp_path / "cache") == COMPILED
    assert use_a_kernel(tmp_path / "cache") == LOADED
    return tmp_path / "cache"


def test_only_this_user_may_enter(cache: Path) -> None:
    modes = {path: path.stat().st_mode & 0o777 for path in (cache, *cache.rglob("*"))}
    assert set(modes.values()) == {0o700, 0o600}
    assert modes[find_file(cache)] == 0o600


@pytest.mark.parametrize("harm", ["cut", "empty", "garbled", "bit", "digest", "other kernel's"])
def test_a_damaged_file_is_compiled_again_and_replaced(cache: Path, harm: str) -> None:
    path = find_file(cache)
    whole = path.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "cut": whole[:middle],
        "empty": b"",
        "garbled": b"\x80\x05garbled" + whole[9:],
        "bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "digest": whole[:20] + bytes([whole[20] ^ 1]) + whole[21:],
    }
    if harm in damaged:
        path.write_bytes(damaged[harm])
    else:
        cache_files.write_checked(path.with_name("other.nbc"), b"content of another kernel")
        path.with_name("other.nbc").replace(path)
    assert use_a_kernel(cache) == COMPILED
    assert use_a_kernel(cache) == LOADED
    assert list(cache.rglob(".tmp*")) == []


def make_bomb(tmp_path: Path) -> tuple[Path, bytes]:
    trace = tmp_path / "executed"
    return trace, pickle.dumps(Bomb(trace))


def test_the_planted_code_of_these_tests_would_be_executed(cache: Path, tmp_path: Path) -> None:
    # what the user's own account wrote is trusted, so the bomb of the tests below is a live one
    trace, bomb = make_bomb(tmp_path)
    cache_files.write_checked(find_file(cache), bomb)
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_CACHE": str(cache)}
    subprocess.run(
        [sys.executable, "-c", USE_A_KERNEL], env=environment, capture_output=True, check=False
    )
    assert trace.exists()


def plant_as_stranger(target: Path, bomb: bytes, folder: Path) -> None:
    command = [sys.executable, "-c", PLANT, str(target), bomb.hex()]
    done = run_as_stranger(command, folder)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder in which everybody may create files, with the sticky bit, as /tmp."""
    require_root()
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


def name_target(cache: Path, folder: Path) -> Path:
    """Where a compiled kernel is looked for when ``folder`` is the cache."""
    return folder / find_file(cache).relative_to(cache)


def test_a_whole_cache_of_another_user_is_not_used(
    cache: Path, open_folder: Path, tmp_path: Path
) -> None:
    trace, bomb = make_bomb(open_folder)
    planted = name_target(cache, open_folder / "vagus-cache")
    plant_as_stranger(planted, bomb, tmp_path)
    assert planted.stat().st_uid == STRANGER
    assert use_a_kernel(open_folder / "vagus-cache") == COMPILED
    assert not trace.exists()


def test_a_link_to_another_users_cache_is_not_followed(
    cache: Path, open_folder: Path, tmp_path: Path
) -> None:
    trace, bomb = make_bomb(open_folder)
    plant_as_stranger(name_target(cache, open_folder / "theirs"), bomb, tmp_path)
    link = ["ln", "-s", str(open_folder / "theirs"), str(open_folder / "vagus-cache")]
    assert run_as_stranger(link, tmp_path).returncode == 0
    assert use_a_kernel(open_folder / "vagus-cache") == COMPILED
    assert not trace.exists()


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_in_which_others_write_is_not_used(cache: Path, tmp_path: Path, mode: int) -> None:
    trace, bomb = make_bomb(tmp_path)
    cache_files.write_checked(find_file(cache), bomb)
    cache.chmod(mode)
    assert use_a_kernel(cache) == COMPILED
    cache.chmod(0o700)
    tmp_path.chmod(mode)  # then the whole cache could be exchanged for another
    assert use_a_kernel(cache) == COMPILED
    assert not trace.exists()


def test_a_file_that_others_can_change_is_not_used(cache: Path, tmp_path: Path) -> None:
    trace, bomb = make_bomb(tmp_path)
    cache_files.write_checked(find_file(cache), bomb)
    find_file(cache).chmod(0o666)
    assert use_a_kernel(cache) == COMPILED
    assert not trace.exists()
    assert find_file(cache).stat().st_mode & 0o777 == 0o600


def test_a_file_of_another_user_in_an_own_folder_is_not_used(cache: Path, tmp_path: Path) -> None:
    require_root()
    trace, bomb = make_bomb(tmp_path)
    cache_files.write_checked(find_file(cache), bomb)
    os.chown(find_file(cache), STRANGER, STRANGER)
    assert use_a_kernel(cache) == COMPILED
    assert not trace.exists()


def test_a_folder_made_after_the_look_is_looked_at_again(open_folder: Path) -> None:
    target = open_folder / "cache" / "module" / "kernel.nbc"
    assert cache_files.find_danger(target.parent) == ""
    target.parent.mkdir(parents=True)
    os.chown(open_folder / "cache", STRANGER, STRANGER)
    with pytest.raises(PermissionError, match="belongs to another user"):
        cache_files.write_checked(target, b"content")
    assert not target.exists()


def test_special_files_do_not_hang(cache: Path) -> None:
    path = find_file(cache)
    path.unlink()
    os.mkfifo(path, 0o600)
    assert cache_files.read_checked(path) is None
    assert use_a_kernel(cache) == COMPILED
    assert use_a_kernel(cache) == LOADED


def test_links_in_a_circle_are_a_danger(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "too many symbolic links" in cache_files.find_danger(tmp_path / "a" / "cache")


def test_links_of_this_user_are_followed(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("cache")
    assert use_a_kernel(tmp_path / "link") == LOADED
