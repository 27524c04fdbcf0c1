"""From text to token ids and back."""

__all__ = ["CharTokenizer"]


class CharTokenizer:
    r"""Turn text into token ids, one a character, and back without loss.

    The vocabulary is every distinct character of a text: letters in both
    cases, spaces, new lines, emoji. Sorted by code point (a character's
    number in Unicode), as `sorted` does, it is the same in every run; a
    character's id is its place in that order, from 0.

    Args:
        text: the text whose characters make the vocabulary.

    Attributes:
        symbols: the characters by id, list of str, sorted by code point.
        vocab_size: how many there are, int.

    Example:
        >>> tokenizer = CharTokenizer("banana\n")
        >>> tokenizer.symbols
        ['\n', 'a', 'b', 'n']
        >>> tokenizer.encode("nab")
        [3, 1, 2]
        >>> tokenizer.decode([3, 1, 2])
        'nab'
    """

    def __init__(self, text: str) -> None:
        self.symbols = sorted(set(text))
        self.vocab_size = len(self.symbols)
        self._ids = {symbol: i for i, symbol in enumerate(self.symbols)}

    def encode(self, s: str) -> list[int]:
        """Return the token id of each character of `s`, as it stands.

        Args:
            s: any text whose characters are all in the vocabulary; it may
                be empty.

        Returns:
            A list of len(s) ints.

        Raises:
            KeyError: `s` has a character that is not in the vocabulary.
                Another exception will do as well, but an id that decodes to
                something else will not.
        """
        return [self._ids[character] for character in s]

    def decode(self, ids: list[int]) -> str:
        """Return the text of these ids, so that `decode(encode(s)) == s`.

        Args:
            ids: a list of token ids, int; it may be empty.

        Returns:
            One str of len(ids) characters.
        """
        return "".join(self.symbols[i] for i in ids)
