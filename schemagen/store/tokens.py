"""Words of a text as a search index holds them, and the terms of what somebody searches for.

A word is folded: compatibility forms, case and accents count for nothing, so `Ａda`, `ADÁ` and `ada` are one word.
Chinese, Japanese and Korean put no spaces between words: there every character with the one after it is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

TOKEN_LENGTH_MAX: Final = 32
"""Characters of a word that count; two words that begin with the same 32 are one."""
TOKENS_MAX: Final = 1_000
"""Different words of one text that are held; those that first appear later are not found."""
TERMS_MAX: Final = 16
"""Words of a search that count; those after them are ignored."""

TOKENIZER: Final = f"1/{unicodedata.unidata_version}"
"""Names the rules of this file and the tables they rest on; indexes written under others are built anew."""

_LONG: Final = 2_000
"""Characters of a text of which few are remembered."""

_Split: TypeAlias = Callable[[str], list[str]]
"""Words of a run of characters that are written without spaces."""

_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_UNSPACED: Final = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3038-\u303c\u3041-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003ffff]+"
)
"""Han, Hiragana, Katakana and Hangul."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text."""

    counts: dict[str, int]  # how often each is there, in order of first appearance; not to be changed
    length: int
    """How many words there are, rounded: a few more in a long text are no reason to write all its entries again."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is searched for: a document has all of `whole`, and a word that begins with `last`."""

    whole: tuple[str, ...]  # each once
    last: str


def words_of(texts: tuple[str, ...]) -> Words:
    """The words of some texts, as of one. Remembered: who writes a document asks several times."""
    return _of_long(texts) if sum(map(len, texts)) > _LONG else _of_short(texts)


@lru_cache(maxsize=256)
def _of_short(texts: tuple[str, ...]) -> Words:
    return _counted(texts)


@lru_cache(maxsize=2)  # what was, and what is
def _of_long(texts: tuple[str, ...]) -> Words:
    return _counted(texts)


def _counted(texts: tuple[str, ...]) -> Words:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_tokens(text, _pairs))
    kept = dict(islice(counts.items(), TOKENS_MAX))
    return Words(kept, rounded(sum(kept.values())))


def terms_of(text: str) -> Terms | None:
    """The terms of a search; None if there is no word in it."""
    tokens = _tokens(text, _asked_pairs)[:TERMS_MAX]
    return Terms(tuple(dict.fromkeys(tokens[:-1])), tokens[-1]) if tokens else None


def rounded(count: int) -> int:
    """To four binary digits, downwards: exact below 16, within a sixteenth to an eighth beyond."""
    shift = max(0, count.bit_length() - 4)
    return count >> shift << shift


# --- words ---


def _tokens(text: str, split: _Split) -> list[str]:
    if text.isascii():
        return [word[:TOKEN_LENGTH_MAX] for word in _ASCII_WORD.findall(text.lower())]
    found: list[str] = []
    for word in folded(text).split():
        if word.isascii():
            found.append(word[:TOKEN_LENGTH_MAX])
        else:
            found += _parts(word, split)
    return found


def _parts(word: str, split: _Split) -> Iterator[str]:
    """A word between spaces may hold several: `東京tower`."""
    end = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > end:
            yield word[end : run.start()][:TOKEN_LENGTH_MAX]
        yield from split(run[0])
        end = run.end()
    if end < len(word):
        yield word[end:][:TOKEN_LENGTH_MAX]


def _pairs(run: str) -> list[str]:
    """`東京都` → `東京`, `京都`, `都`: each character begins a word, so each is found by itself."""
    return [run[at : at + 2] for at in range(len(run))]


def _asked_pairs(run: str) -> list[str]:
    """The same for a search: what comes after its last character is not known."""
    return _pairs(run)[:-1] or [run]


def folded(text: str) -> str:
    """A text without case, accents, compatibility forms, and with spaces for all that is not in words."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", decomposed.translate(_FOLD))


class _Fold(dict[int, int | str | None]):
    """What becomes of a character: itself, another, nothing, or a space; remembered as it is met."""

    def __missing__(self, code: int) -> int | str | None:
        found = _folded_character(chr(code))
        if code < 0x30000:  # beyond there is nothing but rare Han, and what somebody sends to fill the memory
            self[code] = found
        return found


def _folded_character(character: str) -> int | str | None:
    match unicodedata.category(character):
        case "Mn":
            return None if _is_accent(character) else ord(character)
        case "Mc":
            return ord(character)
        case "Me" | "Cf":
            return None
        case _:
            return ord(character) if character.isalnum() else " "


def _is_accent(mark: str) -> bool:
    """Marks above and below letters, and the vowel points of Hebrew and Arabic.

    Not the signs of Indic scripts and of Kana, which make other syllables, nor those of Thai.
    """
    place = unicodedata.combining(mark)
    return place >= 200 or 10 <= place <= 35 or "\ufe00" <= mark <= "\ufe0f" or mark >= "\U000e0100"


_PLAIN: Final = {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th"}
"""Letters that do not decompose into a plain one and an accent, and are searched for as if they did."""

_FOLD: Final = _Fold(
    {
        0x200B: " ",  # a space of no width is a space all the same
        0x0640: None,  # stretches Arabic words
    }
    | {ord(letter): plain for letter, plain in _PLAIN.items()}
)
