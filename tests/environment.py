"""The environment of all tests, before anything of ours is imported: pytest-django reads the
store's settings before it comes to any conftest.py."""

import atexit
import os
import shutil
import tempfile

# No test may touch the data of this checkout.
os.environ["KUAIXUN_DATA"] = tempfile.mkdtemp(prefix="kuaixun-tests-")
os.environ.pop("KUAIXUN_DATABASE_URL", None)
atexit.register(shutil.rmtree, os.environ["KUAIXUN_DATA"], ignore_errors=True)
