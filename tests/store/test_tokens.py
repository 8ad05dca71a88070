"""Which words a text has, and what is searched for by a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemagen.store.tokens import TERMS_MAX, TOKEN_LENGTH_MAX, TOKENS_MAX, Terms, rounded, terms_of, words_of

SPACED = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]).filter(
        lambda c: not any(name in unicodedata.name(c, "") for name in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))
    )
)
"""Text of scripts that put spaces between words."""


def tokens(text: str) -> list[str]:
    return list(words_of((text,)).counts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace", "ada lovelace"),
        ("  Ada,\tLovelace!\n", "ada lovelace"),
        ("O’Brien-Smith", "o brien smith"),
        ("full_name ada@example.com +351 21", "full name ada example com 351 21"),
        ("ÁDÁ Müller Łódź Ærø Đặng", "ada muller lodz aero dang"),
        ("Straße STRASSE", "strasse"),
        ("İstanbul ıssız", "istanbul issiz"),
        ("Ｆｕｌｌ ﬁne x²", "full fine x2"),
        ("Ελλάς ΕΛΛΑΣ", "ελλασ"),
        ("Ёлка ёлка", "елка"),
        ("co\u00adop ze\u200bro", "coop ze ro"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد محـــمد", "محمد"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("", ""),
        ("…! ❤️ \ufe0f", ""),
    ],
)
def test_words_are_folded_and_parted_at_what_is_no_letter_and_no_digit(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("東", "東"),
        ("東京都", "東京 京都 都"),
        ("東京tower 2", "東京 京 tower 2"),
        ("ひらがな", "ひら らが がな な"),
        ("ｶﾞｷﾞ", "ガギ ギ"),
        ("한국어", "한국 국어 어"),
        ("한국어".encode().decode(), "한국 국어 어"),
        (unicodedata.normalize("NFD", "한국어 ガ"), "한국 국어 어 ガ"),
        ("𠮷野家", "𠮷野 野家 家"),
    ],
)
def test_scripts_without_spaces_are_parted_into_pairs(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "whole", "last"),
    [
        ("ada lo", "ada", "lo"),
        ("ADA", "", "ada"),
        ("ada ada lo ada", "ada lo", "ada"),
        ("東", "", "東"),
        ("東京", "", "東京"),
        ("東京都 ada", "東京 京都", "ada"),
        ("ada 東京都", "ada 東京", "京都"),
    ],
)
def test_the_last_word_of_a_search_is_a_beginning(text: str, whole: str, last: str) -> None:
    assert terms_of(text) == Terms(tuple(whole.split()), last)


def test_a_search_without_words_has_no_terms() -> None:
    assert terms_of("") is None
    assert terms_of(" …\ud800\x00 ") is None


def test_words_are_counted_over_all_texts() -> None:
    words = words_of(("Ada ada", "lo ADA"))
    assert words.counts == {"ada": 3, "lo": 1}
    assert words.length == 4


def test_what_is_too_long_is_cut() -> None:
    assert tokens("a" * 40 + " " + "é" * 40) == ["a" * TOKEN_LENGTH_MAX, "e" * TOKEN_LENGTH_MAX]
    many = words_of((" ".join(f"w{number}" for number in range(1_500)) + " w3 w1400",))
    assert list(many.counts) == [f"w{number}" for number in range(TOKENS_MAX)]
    assert many.counts["w3"] == 2 and many.length == rounded(TOKENS_MAX + 1)
    terms = terms_of(" ".join(f"w{number}" for number in range(100)))
    assert terms is not None
    assert (len(terms.whole), terms.last) == (TERMS_MAX - 1, f"w{TERMS_MAX - 1}")


@given(SPACED)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert tokens(" ".join(tokens(text))) == tokens(text)


@given(SPACED)
def test_composed_and_decomposed_text_is_the_same(text: str) -> None:
    forms = {form: tokens(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == dict.fromkeys(forms, tokens(text))


@given(SPACED)
def test_case_counts_for_nothing(text: str) -> None:
    assert tokens(text.casefold()) == tokens(text)


@given(st.text())
def test_every_token_is_short_and_has_no_separator_and_no_capital(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token) <= TOKEN_LENGTH_MAX
        assert token == token.casefold() and not set(token) & set(" \x00\x1f_\U0010ffff")


@given(st.text())
def test_a_text_is_found_by_itself(text: str) -> None:
    terms = terms_of(text)
    found = tokens(text)
    if terms is None:
        assert found == []
    else:
        assert set(terms.whole) <= set(found) and terms.last in found


@given(st.text(st.sampled_from("東京都ひら가나 a"), min_size=1))
def test_every_character_of_a_script_without_spaces_is_found_by_itself(text: str) -> None:
    for character in set(text) - {" ", "a"}:
        terms = terms_of(character)
        assert terms is not None and not terms.whole
        assert any(token.startswith(terms.last) for token in tokens(text))


@given(st.integers(0, 5_000))
def test_lengths_are_rounded_down_and_in_order(count: int) -> None:
    assert rounded(count) <= count < rounded(count) * 9 / 8 + 1
    assert rounded(count) <= rounded(count + 1)
    assert rounded(count) == count or count >= 16
