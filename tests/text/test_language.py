"""K25: other languages are told from English, and English with foreign words or names is not taken for another."""

import json

import pytest

from chatbot import settings
from chatbot.corpus.reader import read_corpus
from chatbot.text.language import foreign_language, reads_english
from chatbot.text.spelling import SpellingCorrector, english_words
from tests.conftest import CORPUS, PROJECT


@pytest.fixture(scope="module")
def language():
    corrector = SpellingCorrector([], [], english_words())
    return lambda text: foreign_language(text, corrector.is_english)


@pytest.mark.parametrize(
    ("code", "question"),
    [
        ("es", "¿Cómo puedo estirar mis pantorrillas?"),
        ("es", "como estiro la espalda baja"),
        ("es", "ME DUELE LA RODILLA CUANDO CORRO"),
        ("es", "cuánto tiempo debo mantener un estiramiento"),
        ("fr", "Comment étirer mes mollets ?"),
        ("fr", "j’ai mal au genou quand je cours"),
        ("fr", "est-ce que je dois m'etirer avant de courir"),
        ("de", "Wie dehne ich meine Waden?"),
        ("de", "Was hilft gegen Rückenschmerzen?"),
        ("de", "warum bin ich morgens so steif"),
        ("it", "Come posso allungare i polpacci?"),
        ("pt", "o meu joelho dói quando corro"),
        ("nl", "waarom ben ik zo stijf in de ochtend"),
        ("pl", "boli mnie kolano kiedy biegam"),
        ("sv", "varför är jag så stel på morgonen"),
        ("tr", "bel ağrısı için ne yapmalıyım"),
        ("es", "dolor de espalda"),
        ("es", "rodilla hinchada dolor pierna"),
        ("fr", "mal au dos"),
        ("fr", "douleur genou"),
        ("de", "Schmerzen im Knie"),
        ("de", "Rückenschmerzen Übungen"),
        ("it", "mal di schiena"),
        ("pt", "dor nas costas"),
        ("nl", "pijn in onderrug"),
        ("pl", "ból pleców"),
        ("sv", "ont i ryggen"),
        ("tr", "bel ağrısı"),
        ("uk", "Як розтягнути литки і стегна?"),
        ("ru", "Как растянуть икры?"),
        ("el", "Πώς να τεντώσω τις γάμπες μου;"),
        ("ja", "ふくらはぎのストレッチの方法"),
        ("ja", "ストレッチ"),
        ("zh", "如何拉伸小腿"),
        ("ko", "종아리 스트레칭 방법"),
        ("fa", "چگونه ساق پایم را بکشم"),
        ("ar", "كيف أمدد عضلات الساق"),
        ("he", "איך מותחים שוקיים"),
        ("hi", "पिंडली कैसे खींचें"),
    ],
)
def test_k25_the_language_of_a_question(language, code, question):
    assert language(question) == code
    assert reads_english(code)


@pytest.mark.parametrize(
    "question",
    [
        "how do I stretch my calves",
        "pas de chat",
        "what is rond de jambe en l'air",
        "straddle à la seconde",
        "a la seconde turns",
        "pas de deux stretches",
        "de la riva guard mobility",
        "Juan de la Cruz method",
        "does the Óscar de la Hoya warm-up help",
        "capoeira au batido",
        "adho mukha svanasana",
        "tensor fasciae latae",
        "is de Quervain's a tendon",
        "los angeles yoga",
        "dos and don'ts",
        "MS DOS",
        "what does dolor mean",
        "is espalda the Spanish word for back",
        "Knie",
        "rodilla",
        "Anders Schulter massage gun",
        "flexibility routine for men over 50",
        "speed of light in km per second",
        "will in so am",
        "what does 太极 do for balance",
        "stretching",
        "",
        "12345 ?!",
        "🤸",
    ],
)
def test_k25_english_with_foreign_words_or_names(language, question):
    assert language(question) is None


def questions_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [fields[name] for fields in map(json.loads, lines) for name in ("first", "query") if fields.get(name)]


def test_k25_no_english_question_that_we_have_is_taken_for_another(language):
    entries = [*read_corpus(PROJECT / "corpus").entries, *read_corpus(CORPUS).entries]
    asked = [text for entry in entries for text in (*entry.phrasings, *entry.look_alikes)]
    for name in ("in_scope", "follow_up", "urgent"):
        asked += questions_of(PROJECT / "tests" / "evaluation" / f"{name}.jsonl")
    assert len(asked) > 8000
    # Two entries of the small talk are asked in German.
    assert sorted(text for text in asked if language(text)) == ["auf deutsch bitte", "können wir deutsch reden"]


def test_the_file_has_a_line_for_every_language_but_english():
    listed = json.loads(settings.languages_path().read_text(encoding="utf-8"))
    assert [code for code, fields in listed.items() if not fields.get("reads_english")] == ["en"]
    assert all(fields.get("words") or fields.get("scripts") for fields in listed.values())
