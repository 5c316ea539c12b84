"""Words as whole numbers, one for each character, which is what a model of characters takes."""

from __future__ import annotations

from collections.abc import Iterable

from autograd_core.errors import DomainError, NotAScalarError
from autograd_core.rules.scalars import shortened


class Characters:
    """The characters of some words, numbered in the order of the alphabet from 1 on. 0 marks where a word ends.

    Args:
        words: the words, or one text.

    Raises:
        DomainError: there is no character; from `encode` and `decode`, one is not known.
        NotAScalarError: a word is no string, or what is to be decoded is no list.

    >>> characters = Characters(["ada", "dan"])
    >>> len(characters)
    4
    >>> characters.encode("dan")
    [0, 2, 1, 3, 0]
    >>> characters.decode([2, 1, 3])
    'dan'
    """

    def __init__(self, words: Iterable[str]) -> None:
        if not isinstance(words, Iterable):
            raise NotAScalarError(f"Characters(words) takes words, or one text, got {shortened(words)}")
        letters: set[str] = set()
        for word in words:
            if not isinstance(word, str):
                raise NotAScalarError(f"Characters(words) takes strings, got {shortened(word)}")
            letters.update(word)
        if not letters:
            raise DomainError("Characters(words) takes words with at least one character, got none")
        self.letters = "".join(sorted(letters))
        self._number = {letter: number for number, letter in enumerate(self.letters, start=1)}

    def __len__(self) -> int:
        """How many numbers there are: the characters, and the mark."""
        return len(self.letters) + 1

    def encode(self, word: str) -> list[int]:
        """Return a word's numbers, with a mark before and after it: a model learns how words begin and end."""
        if not isinstance(word, str):
            raise NotAScalarError(f"Characters.encode() takes one word, got {shortened(word)}")
        for letter in word:
            if letter not in self._number:
                raise DomainError(f"Characters.encode() knows the characters {self.letters!r}, got {letter!r}")
        return [0, *(self._number[letter] for letter in word), 0]

    def decode(self, tokens: Iterable[int]) -> str:
        """Return the word that numbers stand for; marks are left out."""
        if not isinstance(tokens, Iterable):
            raise NotAScalarError(f"Characters.decode() takes a list of whole numbers, got {shortened(tokens)}")
        given = list(tokens)
        for token in given:
            if token not in range(len(self)):
                raise DomainError(
                    f"Characters.decode() takes whole numbers from 0 to {len(self.letters)}, got {shortened(token)}"
                )
        return "".join(self.letters[token - 1] for token in given if token)
