"""What the samples' tests share: the two committed archives, read once."""

import pytest

from samples.build import HERE
from samples.notices import NIGHTS
from tests.loopback import Archive, read_warc


@pytest.fixture(scope="session")
def archives() -> dict[int, Archive]:
    """The committed archive of night 1 and of night 2."""
    return {number: read_warc(HERE / f"{day}.warc.gz") for number, day in NIGHTS.items()}
