"""What somebody entered in a form: texts by field, whatever a browser or a stranger has sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What nobody types into one line, and no page may hold (HTML, 13.2.3.5)."""

LONGEST = 500
"""Characters of a value; none that anybody means is longer."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Field to text without blanks around it; `several` has those that stand more than once."""

    texts: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in a field; nothing if it was not filled."""
        return self.texts.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """What stands in all fields of a name that are filled."""
        return tuple(filter(None, self.several.get(name, ())))


def entered(form: FormData | QueryParams, *repeated: str) -> Entered:
    """What a form holds; only fields in `repeated` may stand more than once.

    Raises `HTTPException` (400) for what no form of ours sends.
    """
    several: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str) or len(value) > LONGEST or CONTROL.search(value):
            raise HTTPException(400)
        several.setdefault(name, []).append(value.strip())
    if any(len(values) > 1 and name not in repeated for name, values in several.items()):
        raise HTTPException(400)
    texts = {name: values[0] for name, values in several.items()}
    return Entered(texts, {name: tuple(values) for name, values in several.items()})
