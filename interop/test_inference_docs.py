"""What docs/inference.md shows is run as it stands there, in its order."""

import os
import re
import subprocess

from conftest import LAUNCHER, ROOT

PAGE = ROOT / "docs/inference.md"
# A block of Python; or commands, which are indented, with the lines that go on with them.
BLOCK = re.compile(r"```python\n((?:(?!```).*\n)*)```|((?:^    (?:curl|\./millwright).*\n(?:^    .*\n)*)+)", re.MULTILINE)


def test_the_page_works(millwright, tmp_path):
    names, before, ran = {}, os.getcwd(), 0
    os.chdir(tmp_path)
    try:
        for python, commands in BLOCK.findall(PAGE.read_text()):
            block = (python or commands).replace("localhost:8750", f"127.0.0.1:{millwright.port}")
            if python:
                exec(compile(block, PAGE.name, "exec"), names)
            else:
                run(block, millwright)
            ran += 1
    finally:
        os.chdir(before)
    assert ran == 7


def run(block, millwright):
    block = re.sub(r"\./millwright(.*)", rf"{LAUNCHER}\1 --home '{millwright.home}'", block)
    done = subprocess.run(["bash", "-e", "-c", block], capture_output=True, text=True)
    assert done.returncode == 0 and '"error"' not in done.stdout, done.stdout + done.stderr
