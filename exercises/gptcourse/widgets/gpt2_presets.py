"""Pairs of texts to compare, with the ids that GPT-2 gives them.

The ids stand here so that the picture shows them before anything is loaded; the tests hold them
against tiktoken. The sentence in four languages is the first of article 1 of the Universal
Declaration of Human Rights, in the translations of the United Nations.
"""

from typing import NamedTuple


class Preset(NamedTuple):
    """Two texts, what to look at, their languages, and their ids."""

    name: str
    texts: tuple[str, str]
    note: str
    langs: tuple[str, str]
    ids: tuple[str, str]

    def encoded(self) -> list[tuple[str, list[int]]]:
        """Return each text with its ids."""
        pairs = zip(self.texts, self.ids, strict=True)
        return [(text, [int(i) for i in ids.split()]) for text, ids in pairs]


ENGLISH = "All human beings are born free and equal in dignity and rights."
ENGLISH_IDS = "3237 1692 9791 389 4642 1479 290 4961 287 16247 290 2489 13"

PRESETS = [
    Preset(
        name="a space in front",
        texts=("Tokyo", " Tokyo"),
        note=(
            "The space is part of the token. A word at the start of a text and the same word "
            "inside it have different ids."
        ),
        langs=("en", "en"),
        ids=("19042 8226", "11790"),
    ),
    Preset(
        name="capitals",
        texts=("hello hello", "HELLO HELLO"),
        note=(
            "For the tokenizer a capital is another byte. What was rare in GPT-2’s training "
            "text is cut into more tokens."
        ),
        langs=("en", "en"),
        ids=("31373 23748", "13909 3069 46 47899 46"),
    ),
    Preset(
        name="English and Korean",
        texts=(ENGLISH, "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."),
        note=(
            "The first sentence of the Universal Declaration of Human Rights. Compare the "
            "characters per token."
        ),
        langs=("en", "ko"),
        ids=(
            ENGLISH_IDS,
            (
                "167 103 101 167 241 254 23821 251 116 166 108 226 35975 222 220 169 225 250 168 "
                "244 112 167 224 254 31619 243 234 167 114 222 169 226 108 23821 252 238 168 250 "
                "254 167 94 250 168 248 108 167 102 108 220 166 115 116 23821 94 112 168 245 226 "
                "166 111 120 220 166 114 234 167 99 105 168 245 238 23821 252 230 168 244 112 "
                "31619 237 247 167 241 109 47991 246 46695 97 13"
            ),
        ),
    ),
    Preset(
        name="English and Hindi",
        texts=(ENGLISH, "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।"),
        note=(
            "The same sentence. A letter of Hindi takes three bytes in UTF-8; look how many "
            "of them a token holds."
        ),
        langs=("en", "hi"),
        ids=(
            ENGLISH_IDS,
            (
                "11976 116 11976 255 24231 222 28225 106 11976 101 24231 223 11976 115 24231 235 "
                "11976 107 24231 233 11976 224 28225 243 24231 233 28225 245 24231 234 11976 108 "
                "11976 113 28225 242 11976 108 28225 227 11976 100 11976 123 11976 243 48077 "
                "11976 108 24231 233 11976 224 28225 243 24231 229 28225 106 48077 11976 106 "
                "11976 110 24231 229 28225 106 24231 229 11976 224 28225 250 11976 101 24231 235 "
                "11976 106 11976 250 48077 11976 97 28225 116 24231 235 11976 113 11976 97 11976 "
                "101 24231 235 11976 97 24231 235 11976 108 11976 97 48077 28225 242 11976 108 "
                "28225 116 11976 106 48077 11976 101 11976 97 48077 28225 103 24231 235 11976 108 "
                "48077 11976 103 24231 235 11976 97 28225 117 24231 230 24231 97"
            ),
        ),
    ),
    Preset(
        name="English and Russian",
        texts=(ENGLISH, "Все люди рождаются свободными и равными в своем достоинстве и правах."),
        note=(
            "The same sentence. A letter of Russian takes two bytes in UTF-8; some letters "
            "are one token, some are two."
        ),
        langs=("en", "ru"),
        ids=(
            ENGLISH_IDS,
            (
                "140 240 21727 16843 12466 119 141 236 43666 18849 220 21169 25443 114 43666 "
                "16142 141 236 20375 21727 40623 220 21727 38857 25443 109 25443 112 22177 45035 "
                "43108 18849 12466 116 220 21169 16142 38857 22177 45035 43108 18849 12466 110 "
                "220 21727 38857 15166 16843 43108 12466 112 15166 21727 20375 15166 18849 22177 "
                "21727 20375 38857 16843 12466 116 12466 123 21169 16142 38857 16142 141 227 13"
            ),
        ),
    ),
    Preset(
        name="sums",
        texts=("127 + 677 = 804", "1275 + 6773 = 8041"),
        note="Look where each number is cut, and whether ones stand under ones.",
        langs=("en", "en"),
        ids=("16799 1343 718 3324 796 807 3023", "1065 2425 1343 718 46871 796 807 50049"),
    ),
    Preset(
        name="Python code",
        texts=(
            "for i in range(3):\n    if i > 1:\n        print(i)",
            "for i in range(3):\n\tif i > 1:\n\t\tprint(i)",
        ),
        note=(
            "The same program, indented by spaces and by tabs. Count the tokens that are "
            "white space."
        ),
        langs=("en", "en"),
        ids=(
            (
                "1640 1312 287 2837 7 18 2599 198 220 220 220 611 1312 1875 352 25 198 220 220 "
                "220 220 220 220 220 3601 7 72 8"
            ),
            ("1640 1312 287 2837 7 18 2599 198 197 361 1312 1875 352 25 198 197 197 4798 7 72 8"),
        ),
    ),
    Preset(
        name="an emoji",
        texts=("👍", "👍🏽"),
        note=(
            "The hand with a skin tone is two characters. A bracket joins the tokens of one "
            "character."
        ),
        langs=("en", "en"),
        ids=("41840 235", "41840 235 8582 237 121"),
    ),
    Preset(
        name="a special token, typed",
        texts=("The end.<|endoftext|>", "<|endoftext|>"),
        note=(
            "Typed, it is text like any other. The token 50256 stands for the end of a text "
            "and has no bytes to type."
        ),
        langs=("en", "en"),
        ids=("464 886 29847 91 437 1659 5239 91 29", "27 91 437 1659 5239 91 29"),
    ),
]
