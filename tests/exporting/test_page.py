"""The exported page in a real browser, from the disk and without a network."""

import numpy as np
import pytest
from playwright.sync_api import expect

from chatbot import Chatbot
from chatbot.corpus.reader import read_corpus
from chatbot.exporting.export import taught_model
from chatbot.exporting.lesson import Classes, lesson
from tests.browsing import HOSTILE
from tests.exporting.conftest import OfflineChat

HOLD = "How long should I hold a stretch?"
ROTATION = "How do I improve hip rotation?"
NUMB = "My neck hurts after a fall and my hand is numb"
# It answers all it can.
SURE = "model.may_answer = true; model.answer = 0; model.urgent = model.caution = model.caution_of_word = Infinity"
CAUTIOUS = "model.urgent = Infinity; model.caution = model.caution_of_word = -1e9"
ALARMED = "model.urgent = -Infinity"


def test_it_opens_with_topics_and_their_questions(chat):
    expect(chat.page.get_by_role("heading", level=1)).to_have_text(chat.page.title())
    topics = chat.page.locator(".topics summary").all_text_contents()
    assert topics == ["Ankles (1)", "Dose (2)", "Hips (3)", "Lower back (2)"]
    chat.page.get_by_text("Hips (3)").click()
    chat.page.get_by_role("button", name=ROTATION).click()
    expect(chat.last.locator("h2")).to_have_text(ROTATION)
    expect(chat.last.locator("h2")).to_be_focused()
    expect(chat.page.locator(".welcome")).to_be_hidden()
    chat.page.click("#anew")
    expect(chat.page.locator(".exchange")).to_have_count(0)
    expect(chat.page.locator(".welcome")).to_be_visible()


def test_an_entry_has_its_picture_sources_and_disclaimer(chat):
    chat.page.get_by_text("Hips (3)").click()
    chat.page.get_by_role("button", name=ROTATION).click()
    picture = chat.last.get_by_role("img", name="A person stands and raises the right knee.")
    assert picture.get_attribute("src").startswith("data:image/svg+xml;base64,")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    chat.page.evaluate("choose('how-long-hold')")
    expect(chat.last.locator(".sources li").first).to_be_hidden()
    chat.last.get_by_text("Sources (").click()
    expect(chat.last.locator(".sources li").first).to_be_visible()
    expect(chat.last.locator(".advice p")).to_be_hidden()
    expect(chat.page.locator(".advice p").first).to_contain_text("not medical advice")
    offered = chat.last.locator(".related button").first.text_content()
    chat.press(offered)
    expect(chat.last.locator("h2")).to_have_text(offered)


def test_it_only_lists_and_says_so_where_too_little_was_measured(chat):
    chat.page.evaluate("model.list = 0; model.urgent = model.caution = model.caution_of_word = Infinity")
    chat.ask("for how long do i hold a stretch")
    expect(chat.last.get_by_role("heading", name="Did you mean")).to_be_focused()
    expect(chat.last.locator(".note").first).to_contain_text("not sure enough to answer by itself")
    expect(chat.last.locator(".choices button")).to_have_count(5)
    expect(chat.page.get_by_role("button", name="Search")).to_be_visible()
    chat.press(HOLD)
    expect(chat.last.locator("h2")).to_have_text(HOLD)


def test_it_answers_where_it_may_and_is_sure(chat):
    chat.page.evaluate(SURE)
    chat.ask("how long to hold a stretch")
    expect(chat.last.locator("h2")).to_have_text(HOLD)
    expect(chat.last.locator(".asked")).to_have_text("You asked: how long to hold a stretch")


def test_a_question_that_is_asked_word_for_word_is_answered(chat):
    chat.page.evaluate("model.urgent = model.caution = model.caution_of_word = Infinity")
    chat.ask(HOLD.lower().replace("stretch", "strech"))
    expect(chat.last.locator("h2")).to_have_text(HOLD)


def test_what_it_does_not_know_gets_no_answer(chat):
    chat.page.evaluate("model.list = 1.1; model.urgent = model.caution = model.caution_of_word = Infinity")
    chat.ask("who won the match")
    expect(chat.last.locator("h2")).to_contain_text("I have no answer to that.")


def test_a_warning_sign_comes_first_and_stays(chat):
    chat.page.evaluate(ALARMED)
    chat.ask(NUMB)
    assert chat.last.locator("article > :first-child").get_attribute("role") == "alert"
    expect(chat.last.get_by_role("alert")).to_contain_text("EMERGENCY: call your local emergency number")
    expect(chat.last.locator("[data-entry]")).to_have_count(0)
    chat.page.evaluate(SURE)
    chat.ask("how long to hold a stretch")
    expect(chat.last.get_by_role("alert")).to_contain_text("CARE COMES FIRST.")
    chat.last.get_by_role("alert").get_by_role("button").click()
    expect(chat.last.get_by_role("alert")).to_contain_text("EMERGENCY")


def test_a_caution_stands_before_the_rest(chat):
    chat.page.evaluate(CAUTIOUS)
    chat.page.evaluate("replies.cautions[Object.keys(replies.signs)[0]] = '<div role=alert>Take care.</div>'")
    chat.ask("my neck")
    assert chat.last.locator("article > :first-child").text_content() == "Take care."


def test_the_graver_of_two_signs_stays_and_of_two_as_grave_the_newer(chat):
    chat.page.evaluate("replies.cares = { emergency: 0, other: 0, today: 1 }")
    stays = chat.page.evaluate(
        "[[null, 'today'], ['today', 'other'], ['other', 'today'], ['other', 'emergency']].map(both => graver(...both))"
    )
    assert stays == ["today", "other", "other", "emergency"]


def test_a_graver_sign_stays_above_what_follows_a_lesser_one(chat):
    named = "Object.keys(replies.signs)[0]"
    chat.page.evaluate(
        f"named = 'graver'; replies.signs.graver = '<p>Graver.</p>'; replies.cares.graver = -1; {ALARMED}"
    )
    chat.ask(NUMB)
    assert chat.page.evaluate(f"[{named}, named]") == ["neck-cord", "graver"]
    chat.page.evaluate(SURE)
    chat.ask("how long to hold a stretch")
    expect(chat.last.locator("article > :first-child")).to_have_text("Graver.")


def test_small_talk_word_for_word_is_answered_as_such_without_a_caution(chat):
    chat.page.evaluate("model.urgent = model.caution = model.caution_of_word = -1e9; model.said.set('cool then', 0)")
    assert chat.decided("  Cool, then! ") == {
        "kind": "answer", "shown": 0, "listed": [], "caution": None, "ranked": [0],
    }  # fmt: skip
    assert chat.decided("cool then my neck")["kind"] == "urgent"


def test_small_talk_that_is_likelier_than_all_else_is_answered_and_no_passage_is(chat):
    chat.page.evaluate("model.talk = [0, 1]; model.talk_share = 0; model.urgent = Infinity; model.caution = -1e9")
    decided = chat.decided("how are you today with my neck")
    shares = chat.page.evaluate("[...sharesOf(model, wordsOf(model, 'how are you today with my neck'))]")
    assert (decided["kind"], decided["shown"], decided["caution"]) == ("answer", int(shares[1] > shares[0]), None)
    assert chat.decided("my neck hurts " * 14)["caution"] is not None
    chat.page.evaluate("model.talk_share = 1.1")
    assert chat.decided("how are you today with my neck")["caution"] is not None


def test_a_single_known_word_needs_more_for_a_caution(chat):
    chat.page.evaluate("model.urgent = model.caution_of_word = Infinity; model.caution = -1e9; model.talk = []")
    assert chat.decided("neck xqzv NECK")["caution"] is None
    assert chat.decided("my neck")["caution"] is not None


def test_it_promises_no_sources_where_an_answer_has_none(chat):
    expect(chat.page.locator(".welcome p").first).to_contain_text("Every answer was written beforehand. It only lists")


def test_without_javascript_nothing_is_offered_that_needs_it(browser, exported):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(exported.as_uri())
    expect(page.locator("noscript .caution")).to_be_visible()
    expect(page.locator("#ask")).to_be_hidden()
    context.close()


def test_the_signs_of_an_emergency_stand_beside_the_question_box(chat):
    summary = chat.page.locator("#ask .help summary")
    expect(summary).to_contain_text("This page can miss an emergency")
    summary.click()
    chat.page.locator("#ask .help button").first.click()
    expect(chat.last.get_by_role("alert")).to_contain_text("EMERGENCY")
    expect(chat.page.locator("#ask .help button").first).to_be_hidden()


def test_the_script_reads_messages_as_the_fit_does(chat, page_index):
    bot = Chatbot.load(page_index)
    corpus = read_corpus(bot.index.corpus)
    classes = Classes(corpus.entries)
    model = taught_model(bot, classes, lesson(corpus, classes), lambda *_: None)
    told = ["How long do I HOLD it?", "wobling plank", "don’t strech", "", "?!", "ﬁve hips " * 30, "zzzz", "Ünknown ß"]
    shares = chat.page.evaluate("told => told.map(each => [...sharesOf(model, wordsOf(model, each))])", told)
    np.testing.assert_allclose(shares, model.shares(told), atol=1e-5)


def test_an_address_opens_an_entry(browser, exported):
    chat = OfflineChat(browser, exported, fragment="#how-long-hold")
    expect(chat.last.locator("h2")).to_have_text(HOLD)
    chat.page.evaluate("location.hash = 'toString'")
    chat.page.evaluate("location.hash = '%'")
    chat.page.evaluate("location.hash = 'hip-internal-rotation'")
    expect(chat.last.locator("h2")).to_have_text(ROTATION)
    expect(chat.page.locator(".exchange")).to_have_count(2)
    assert chat.wrong == []
    chat.context.close()


def test_what_would_run_is_shown_as_text(chat):
    chat.ask(HOSTILE)
    expect(chat.last.locator(".asked")).to_have_text(f"You asked: {HOSTILE}")
    chat.page.evaluate("choose('wobbling-plank')")
    expect(chat.last.locator("h2")).to_have_text("How do I hold a wobbling plank?")
    expect(chat.last.locator(".text")).to_contain_text(HOSTILE)
    assert chat.page.evaluate("typeof hit") == "undefined"
    assert chat.page.locator("#log :is(script, img, a[href^='javascript'], [onerror])").count() == 0


def test_the_policy_refuses_what_is_not_of_the_page(chat):
    refused = chat.page.evaluate("""async () => {
        const found = [];
        document.addEventListener("securitypolicyviolation", event => found.push(event.effectiveDirective));
        document.body.append(Object.assign(document.createElement("script"), {textContent: "hit = 1"}));
        document.body.append(Object.assign(document.createElement("img"), {src: "https://example.org/x.png"}));
        await fetch("https://example.org/").catch(() => {});
        await new Promise(done => setTimeout(done, 100));
        return found.sort();
    }""")
    assert refused == ["connect-src", "img-src", "script-src-elem"]
    assert chat.page.evaluate("typeof hit") == "undefined"
    assert all("Content Security Policy" in each for each in chat.wrong)
    chat.wrong.clear()
    chat.requested.clear()  # the one that was refused


def test_everything_by_keyboard(chat):
    chat.page.evaluate("model.list = 0; model.urgent = model.caution = model.caution_of_word = Infinity")
    keys = chat.page.keyboard
    keys.press("Tab")
    expect(chat.page.get_by_role("link", name="Go to the question box")).to_be_focused()
    keys.press("Enter")
    expect(chat.page.get_by_label("Your question")).to_be_focused()
    keys.type("hold")
    keys.press("Enter")
    expect(chat.last.locator("h2")).to_be_focused()
    keys.press("Tab")
    offer = chat.last.locator(".choices button").first
    expect(offer).to_be_focused()
    wanted = offer.text_content()
    keys.press("Enter")
    expect(chat.last.locator("h2")).to_have_text(wanted)


def test_one_answer_is_printed_as_a_sheet(chat):
    chat.page.evaluate("choose('how-long-hold')")
    chat.page.evaluate("choose('hip-internal-rotation')")
    chat.page.emulate_media(media="print")
    sheet = chat.page.evaluate("""() => {
        let sheet;
        window.print = () => {
            window.dispatchEvent(new Event("beforeprint"));
            sheet = document.body.innerText;
            window.dispatchEvent(new Event("afterprint"));
        };
        document.querySelectorAll("[data-print]")[1].click();
        return sheet;
    }""")
    assert sheet.split("\n")[0] == ROTATION
    assert "not medical advice" in sheet
    for absent in (HOLD, "Continue with", "Print this answer", "You asked", "emergency number", "Your question"):
        assert absent not in sheet


def test_a_browser_that_cannot_unpack_says_so(browser, exported):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(exported.as_uri())
    expect(page.get_by_role("status")).to_have_text("This browser is too old to show the answers of this page.")
    page.fill("#question", "hips")
    page.press("#question", "Enter")
    expect(page.locator("#question")).to_have_value("hips")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, exported, axe, width, scheme):
    chat = OfflineChat(browser, exported, width, scheme)
    views = (
        "1",
        "choose('hip-internal-rotation')",
        "choose('neck-cord')",
        "document.querySelector('.help').open = true",
    )
    for view in (*views, "document.querySelectorAll('details').forEach(each => { each.open = true })"):
        chat.page.evaluate(view)
        assert chat.violations(axe) == []
        assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chat.page.evaluate(f"{CAUTIOUS}; model.list = 0")
    chat.ask("hips")
    assert chat.violations(axe) == []
    assert chat.wrong == []
    chat.context.close()
