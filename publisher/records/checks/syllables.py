"""How many syllables an English word has, as far as its spelling tells."""

import re
from functools import lru_cache

PART = re.compile("[a-z][a-z'’]*")
VOWELS = re.compile(r"[aeiouy]+")

SILENT = re.compile(
    r"[^aeiouy]e$(?<![^aeiouyl]le)"  # scale, but not table
    r"|[^aeiouycgsxz]es$(?<![^aeiouyl]les)(?<![cs]hes)"  # scales, but not tables, boxes, caches
    r"|[^aeiouydt]ed$(?<![^aeiouyl]led)(?<!hundred)"  # scaled, but not needed, doubled
    r"|[^aeiouyl]e(?:ment|ments|ly|ful|less|ness)$"  # measurement, widely, but not element
    r"|(?:bas|befor|fil|guid|hom|lif|nam|not|pip|sid|som|spac|ther|tim|wher)e(?=[^aeinry]..)"
    r"|ev[ei](?=ry)|seve(?=ral)|inte(?=rest)|eve(?=ning)"
)
"""Where a vowel is written and not spoken; baseline and somebody have a silent e inside."""

APART = re.compile(
    r"(?<![cghlnqstx])i[ou]|[rp]ion|i(?=at)|(?<![cgstx])i(?=a[^t])|ti(?=os?$)|i(?=et)"  # various
    r"|(?<![cst])i(?=en[ct])|sci(?=en)"  # client, science
    r"|(?<!p)eo|cre(?=at)|e(?=as?$)|ine(?=ar)"  # theorem, create, area, linear
    r"|(?<![gq])u(?=a|en[ct]|ou)"  # manual, influence, continuous
    r"|[aeio](?=ing)|y(?=ing)|[aeou]y(?=[aeou])"  # being, applying, layer
    r"|[aeiou]sms?$|thms?$"  # mechanism, algorithm
)
"""Where two vowels side by side, or a closing m, are spoken apart."""


@lru_cache(maxsize=32768)
def syllables(word: str) -> int:
    """The number of syllables of `word`, at least 1; parts joined by a hyphen count each.

    Figures, symbols and abbreviations in capitals count as one, as in Flesch's own rules.
    """
    if word.isupper():
        return 1
    return sum(map(_of_part, PART.findall(word.lower()))) or 1


def _of_part(part: str) -> int:
    spoken = len(VOWELS.findall(part)) + len(APART.findall(part)) - len(SILENT.findall(part))
    return max(1, spoken)
