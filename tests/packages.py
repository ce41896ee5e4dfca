"""How a test has a policy package refused."""

import pytest

from policies.package import PackageError, load_package


def refusal(folder, scenario, text):
    """Return the words with which a package is refused; each line names the file."""
    path = folder / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PackageError) as told:
        load_package(path, scenario)
    lines = str(told.value).splitlines()
    assert [line for line in lines if not line.startswith("mine.toml: ")] == []
    return str(told.value)
