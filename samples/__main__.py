"""`python -m samples`: build the two sample nights beside this file."""

import click

from samples.build import build

if __name__ == "__main__":
    for path in build():
        click.echo(f"{path.name}  {path.stat().st_size / 1e6:.2f} MB")
