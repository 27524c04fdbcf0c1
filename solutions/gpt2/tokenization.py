"""From text to token ids and back, by characters and by bytes."""

__all__ = ["CharTokenizer", "ids_to_text", "text_to_ids"]


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


def text_to_ids(s: str) -> list[int]:
    """Return the bytes of a text in UTF-8: one token id from 0 to 255 a byte.

    UTF-8 writes a code point (a character's number in Unicode) below 128 as
    one byte and every other as two, three or four bytes of 128 and above.

    Args:
        s: any text, in any script; it may be empty.

    Returns:
        A list of ints, as many as the text has bytes, with nothing put in
        front of them.

    Example:
        >>> text_to_ids("né")
        [110, 195, 169]
        >>> text_to_ids("猫")
        [231, 140, 171]
    """
    return list(s.encode("utf-8"))


def ids_to_text(ids: list[int]) -> str:
    r"""Return the text that these bytes are in UTF-8.

    `ids_to_text(text_to_ids(s)) == s` for every text. The other way round
    not every row of bytes is a text: a language model may stop in the middle
    of a character. Whatever is no UTF-8 becomes U+FFFD, the replacement
    character, and everything else stays. How many of them stand for several
    bad bytes in a row is up to Python's decoder.

    Args:
        ids: bytes, int, each from 0 to 255; the list may be empty.

    Returns:
        One str. It never raises for ids from 0 to 255.

    Example:
        >>> ids_to_text([110, 195, 169])
        'né'
        >>> ids_to_text([110, 195])
        'n\ufffd'
    """
    return bytes(ids).decode("utf-8", errors="replace")
