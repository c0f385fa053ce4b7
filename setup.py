"""Put the folders of the checkout that are no packages into the wheel, inside the package."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PRODUCT = "vagus/_product"
# as in vagus.product, which finds them; of scripts only the step programs, vagus is there already
PATTERNS = ("workflow/**/*", "resources/**/*", "config/**/*", "envs/**/*", "scripts/*.py")


class BuildWithProduct(build_py):
    """``build_py`` that copies the files of the product, except for an editable installation."""

    def run(self) -> None:
        """Build the packages, then copy."""
        super().run()
        if self.editable_mode:
            return
        for name in list_product():
            target = Path(self.build_lib, PRODUCT, name)
            self.mkpath(str(target.parent))
            self.copy_file(name, str(target), preserve_mode=False)


def list_product() -> list[str]:
    """Files of the product, sorted; caches and hidden folders are left out."""
    files = {path for pattern in PATTERNS for path in Path().glob(pattern) if path.is_file()}
    return sorted(
        path.as_posix()
        for path in files
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    )


setup(cmdclass={"build_py": BuildWithProduct})
