"""How hard a text is to read: its Flesch-Kincaid grade, about the years of school in the United States that it takes.

    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59

The formula is that of Kincaid, Fishburne, Rogers and Chissom, Derivation of New Readability Formulas (Automated
Readability Index, Fog Count and Flesch Reading Ease Formula) for Navy Enlisted Personnel, Research Branch Report 8-75
(1975). What is counted follows Flesch: a word is what stands between spaces; an item of a list is a sentence.
Syllables are counted by rule, as the dictionaries that give them are under the GPL or must be downloaded.
"""

import re
from collections.abc import Iterator

from chatbot.text.reading import read_answer

_SENTENCE_END = re.compile(r"(?<!\S)(\S*?)(?<![.!?…])[.!?…]++[\"'”’)\]]*\s+(?=[^a-z\s])")
# A full stop after these ends no sentence, nor does one after an initial: "J. Smith".
_ABBREVIATIONS = re.compile(
    r"approx|ca|cf|dr|e\.g|eg|etc|fig|i\.e|ie|max|mr|mrs|ms|prof|st|vs|[a-z](?:\.[a-z])*", re.IGNORECASE
)

_PARTS = re.compile(r"[a-z]+(?:'[a-z]+)?|\d")
_VOWELS = re.compile(r"[aeiouy]+")
_UNSPOKEN_BEFORE = (
    "ly|less|ness|ful(?:ly)?|ments?|times?|where|what|thing|one|body|hands?|foot|head|back|ways?|work|styles?|lines?|long"
    "|side|bones?"
)
# The e is spoken with the l or r before it: "little", "settled", "muscles", "metre".
_NOT_SYLLABIC = "(?<![bcdfgkptz][lr])"
# An e that is not spoken: "like", "stretched", "times", "movement", "somewhere"; and the end of "tongue".
_SILENT = re.compile(
    rf"(?<=[^aeiouy])(?<!^b){_NOT_SYLLABIC}e(?:(?=')|(?=(?:{_UNSPOKEN_BEFORE})?$))"
    rf"|(?<=[^aeiouydt]){_NOT_SYLLABIC}e(?=d$)|(?<=[^aeiouyscgxz])(?<![sc]h){_NOT_SYLLABIC}e(?=s$)"
    "|(?<=ev)e(?=ry|ning)|(?<=[gq])ue(?=s?$)"
)
# Where two vowels that stand together are spoken apart, or a consonant is a syllable: "spasm", "rhythm", "didn't".
_APART = re.compile(
    "[aeiouy]ing|(?<=sc)i(?=a)|(?<![cst])ia(?!ge)|(?<![ctsgxhln])io|(?<=s)io(?!n)|iu|i(?=et)|(?<![cst])i(?=en[ct])"
    r"|^sci(?=en)|(?<=\w\w)i(?=e(?:r|st)$)|(?<=[aeiou][^aeiou])ea(?=s?$)|(?<=cr)ea(?=t[^u])"
    r"|^re(?=a(?:ss|c[^h]|pp)|[iou])|(?<![gp])e(?=o)|(?<=e)o(?=a)|(?<=^c)o(?=o[pr])|e(?=us$)|(?<![qg])u(?=[ao])|(?<![qg])u(?=en)"
    r"|(?<=[lnt])u(?=i[dn])|(?<=\w)y(?=[aou]|e[rl])|ao|sms?$|thms?$|[ds]n't"
)
_IRREGULAR = {
    word: count
    for count, words in {
        1: "aches",
        2: "crooked headaches linear maybe poem psoas safety wednesday",
        3: "achilles behaviour nuclear pilates recipe vegetable",
        4: "diabetes scoliosis",
        5: "sacroiliac",
    }.items()
    for word in words.split()
}


def grade(markdown: str) -> float:
    """The Flesch-Kincaid grade of a text in Markdown, without its citations and marks; 0 when it has no words."""
    sentences = [words for words in map(_words, split_sentences(markdown)) if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def count_words(markdown: str) -> int:
    """How many words a text in Markdown has, without its citations and marks."""
    return sum(len(_words(sentence)) for sentence in split_sentences(markdown))


def split_sentences(markdown: str) -> list[str]:
    """The sentences of a text in Markdown, as plain text; a heading and an item of a list are sentences, too."""
    return [sentence for block in read_answer(markdown).blocks for sentence in sentences_of(block) if sentence]


def sentences_of(block: str) -> Iterator[str]:
    """The sentences of a paragraph or an item, which is plain text on one line."""
    start = 0
    for end in _SENTENCE_END.finditer(block):
        if not _ABBREVIATIONS.fullmatch(end[1].lstrip("\"'“‘(")):
            yield block[start : end.end()].rstrip()
            start = end.end()
    yield block[start:]


def syllables(word: str) -> int:
    """About how many syllables an English word has, at least one; a numeral has one a digit, much as it is read."""
    return max(1, sum(map(_syllables, _PARTS.findall(word.lower().replace("’", "'")))))


def _syllables(part: str) -> int:
    if known := _IRREGULAR.get(part.removesuffix("'s")):
        return known
    vowels = len(_VOWELS.findall(part))
    # Without a vowel it is a digit, or letters that are read one by one.
    return vowels - len(_SILENT.findall(part)) + len(_APART.findall(part)) if vowels else len(part)


def _words(sentence: str) -> list[str]:
    return [word for word in sentence.split() if any(map(str.isalnum, word))]
