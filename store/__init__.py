"""What is kept: a Django app over SQLite or PostgreSQL. `setup()` before any model is imported."""

import os


def setup() -> None:
    """Configure Django once for this process and make sure the data folder exists."""
    import django
    from django.apps import apps
    from django.conf import settings

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "store.settings")
    django.setup()
    settings.DATA.mkdir(parents=True, exist_ok=True)
