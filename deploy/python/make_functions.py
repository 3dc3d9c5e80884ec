"""Writes cytolake/functions.py from the reference page of the SQL functions, which the program makes of its catalogue.

    python3 deploy/python/make_functions.py           writes the file
    python3 deploy/python/make_functions.py --check   exits with 1 where the file is another
"""

import re
import sys
import textwrap
from html import unescape
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/reference/functions.md"
FILE = HERE / "cytolake/functions.py"
HEAD = '''"""Cytolake's SQL functions, as functions of columns.

A string names a column, as in ``pyspark.sql.functions``; numbers and lists are taken as they are.

Made by ``python3 deploy/python/make_functions.py`` from the catalogue of the functions: change that, not this file.
"""

from __future__ import annotations

from typing import Any, Union

from pyspark.sql import Column
from pyspark.sql import functions as _f

Argument = Union[Column, str, int, float, bool, list]


def _column(value: Any) -> Column:
    return value if isinstance(value, Column) else _f.col(value) if isinstance(value, str) else _f.lit(value)


def _call(name: str, *arguments: Any) -> Column:
    """Optional arguments are left out from the first that is None."""
    given = list(arguments)
    while given and given[-1] is None:
        given.pop()
    if None in [a for a in given if not isinstance(a, Column)]:
        raise TypeError(f"{name}: an argument before the last one given is None")
    return _f.call_function(name, *map(_column, given))
'''


def plain(text):
    return unescape(text.replace("\\*", "*")).replace("\\", "\\\\")


def forms(calls):
    """Names of required and of optional arguments, and whether the last repeats, form by form."""
    for call in re.findall(r"`([^`]+)`", calls):
        inside = call[call.index("(") + 1 : -1]
        required, _, optional = inside.partition("[")
        names = [n for n in re.split(r"[\s,]+", required) if n]
        repeats = "..." in names
        yield [n for n in names if n != "..."], [n for n in re.split(r"[\s,\[\]]+", optional) if n], repeats


def function(name, body):
    calls, usage, rest = body.split("\n\n", 2)
    first, *others = forms(calls)
    required, optional, repeats = first
    # the names of the shortest form are those of the first, others follow
    for more, _, _ in others:
        optional += more[len(required) :]
        required = [f"{a}" if a == b else f"{a}_or_{b}" for a, b in zip(required, more)]
    parameters = [f"{n}: Argument" for n in required] + [f"{n}: Argument | None = None" for n in optional]
    if repeats:
        parameters[-1] = f"*{required[-1]}: Argument"
    passed = required[:-1] + [f"*{required[-1]}"] if repeats else required + optional
    head = f"def {name}({', '.join(parameters)}) -> Column:"
    if len(head) > 120:
        head = f"def {name}(\n" + "".join(f"    {parameter},\n" for parameter in parameters) + ") -> Column:"
    lines = ["", "", head]
    lines += ['    """' + "\n".join(textwrap.wrap(plain(usage), 110, subsequent_indent="    ")), ""]
    for argument in re.findall(r"^- (.*)", rest, re.MULTILINE):
        lines += textwrap.wrap(f"* {plain(argument)}", 110, initial_indent="    ", subsequent_indent="      ")
    example = re.search(r"```sql\n(.*?)```", rest, re.DOTALL).group(1).rstrip()
    lines += ["", "    In SQL::", ""] + ["        " + plain(line) for line in example.splitlines()]
    lines += ['    """', f"    return _call({', '.join([repr(name).replace(chr(39), chr(34)), *passed])})"]
    return "\n".join(line.rstrip() for line in lines)


def text():
    page = PAGE.read_text(encoding="utf-8")
    functions = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return HEAD + "\n".join(function(name, body) for name, body in functions) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if FILE.read_text(encoding="utf-8") != text():
            sys.exit(f"{FILE} is not current: run python3 deploy/python/make_functions.py")
    else:
        FILE.write_text(text(), encoding="utf-8")
