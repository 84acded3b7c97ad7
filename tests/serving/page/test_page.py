"""The web page in a real browser: asking, reading, printing, by keyboard, when something fails, and when attacked."""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from chatbot.answering.reply import Reply
from chatbot.page.html import reply_html
from chatbot.records import Caution, RelatedQuestion
from chatbot.serving.app import make_app
from chatbot.serving.options import ServerOptions
from tests.browsing import HOSTILE, Chat

HOLD = "How long should I hold a stretch?"
ROTATION = "How do I improve hip rotation?"
NUMB = "hand gone numb since i fell"
OFFERS = (RelatedQuestion("hip-internal-rotation", ROTATION, "", ""), RelatedQuestion("how-long-hold", HOLD, "", ""))


def told(reply, **more):
    """A response of the service, as the page reads it."""
    written = {"reply": {}, "conversation": "new", "html": reply_html(reply, "/v1/figures")}
    return json.dumps({**written, **more})


def test_a_question_is_answered_with_its_picture(chat):
    chat.ask("my hips do not rotate")
    expect(chat.last.locator("h2")).to_have_text(ROTATION)
    expect(chat.last.locator("h2")).to_be_focused()
    expect(chat.last.locator(".asked")).to_have_text("You asked: my hips do not rotate")
    picture = chat.last.get_by_role("img", name="A person stands and raises the right knee.")
    assert urlsplit(picture.get_attribute("src")).path == "/v1/figures/lift.svg"
    chat.page.wait_for_load_state("networkidle")
    assert picture.evaluate("picture => picture.naturalWidth") > 0
    expect(chat.page.locator("#question")).to_have_value("")
    expect(chat.page.locator(".welcome")).to_be_hidden()


def test_sources_are_folded_and_the_disclaimer_is_told_once(chat):
    chat.ask(HOLD)
    expect(chat.last.locator(".sources li").first).to_be_hidden()
    chat.last.get_by_text("Sources (").click()
    expect(chat.last.locator(".sources li").first).to_be_visible()
    expect(chat.last.locator(".advice p")).to_be_visible()
    chat.ask(ROTATION)
    expect(chat.last.locator(".advice p")).to_be_hidden()
    chat.last.get_by_text("About this advice").click()
    expect(chat.last.locator(".advice p")).to_contain_text("not medical advice")


def test_a_question_to_go_on_with_is_opened_by_its_button(chat):
    chat.ask(ROTATION)
    offered = chat.last.locator(".related button").first.text_content()
    chat.press(offered)
    expect(chat.last.locator("h2")).to_have_text(offered)
    expect(chat.last.locator("h2")).to_be_focused()


def test_a_choice_of_what_was_meant(chat):
    reply = Reply("clarify", "hips", "No advice.", 0.4, suggestions=OFFERS)
    chat.page.route("**/v1/ask", lambda route: route.fulfill(body=told(reply), content_type="application/json"))
    chat.ask("hips")
    expect(chat.last.get_by_role("heading", name="Did you mean")).to_be_focused()
    chat.press(ROTATION)
    expect(chat.last.locator("h2")).to_have_text(ROTATION)


def test_a_conversation_goes_on_from_the_id_alone(chat):
    bodies = []
    chat.page.on("request", lambda request: bodies.append(request.post_data) if "/v1/ask" in request.url else None)
    chat.ask(ROTATION)
    chat.ask("and how long should i hold it?")
    first, second = map(json.loads, bodies)
    assert first == {"question": ROTATION, "conversation": "new", "html": True}
    assert second["conversation"] not in ("new", "")
    kept = chat.page.evaluate("({...sessionStorage})")
    assert sorted(kept) == ["conversation", "sign"]
    assert kept["sign"] == ""
    assert chat.page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert chat.context.cookies() == []


def test_a_warning_sign_comes_first_and_stays(chat):
    chat.ask(NUMB)
    alert = chat.last.get_by_role("alert")
    expect(alert).to_contain_text("EMERGENCY: call your local emergency number")
    assert chat.last.locator("article > :first-child").get_attribute("role") == "alert"
    expect(chat.last.locator("button[data-entry]")).to_have_count(0)
    chat.ask(HOLD)
    expect(chat.last.get_by_role("alert")).to_contain_text("CARE COMES FIRST")
    chat.page.click("#show-told")
    expect(chat.page.get_by_role("dialog")).to_contain_text("A warning sign that you named comes first")
    chat.page.keyboard.press("Escape")
    chat.page.click("#anew")
    expect(chat.page.locator(".exchange")).to_have_count(0)
    expect(chat.page.get_by_role("status")).to_contain_text("A warning sign that you named comes first")


def test_a_caution_stands_before_the_answer(chat):
    caution = Caution("neck-cord", "My neck hurts after a fall", "emergency", "If the hand is numb, call now.")
    reply = Reply("no-answer", "neck", "No advice.", 0.1, caution=caution)
    chat.page.route("**/v1/ask", lambda route: route.fulfill(body=told(reply), content_type="application/json"))
    chat.ask("my neck")
    assert chat.last.locator("article > :first-child").get_attribute("role") == "alert"
    expect(chat.last.get_by_role("alert")).to_contain_text("Take care: If the hand is numb, call now.")
    chat.press("See: My neck hurts after a fall")
    expect(chat.last.get_by_role("alert")).to_contain_text("EMERGENCY")


def test_what_was_told_is_shown_and_forgotten(chat):
    known = {"subject": None, "told": ["have a new hip"], "sign": None, "conversation": "new"}
    chat.page.route("**/v1/known", lambda route: route.fulfill(json=known), times=1)
    chat.ask(HOLD)
    chat.page.click("#show-told")
    dialog = chat.page.get_by_role("dialog", name="What you told me")
    expect(dialog).to_contain_text("You told me that you have a new hip.")
    dialog.get_by_role("button", name="Forget it").click()
    expect(dialog).to_contain_text("Forgotten")
    expect(dialog.get_by_role("button", name="Forget it")).to_be_hidden()
    dialog.get_by_role("button", name="Close").click()
    expect(chat.page.locator(".exchange")).to_have_count(0)
    expect(chat.page.locator(".welcome")).to_be_visible()


def test_what_would_run_is_shown_as_text(chat):
    chat.ask(HOSTILE)
    expect(chat.last.locator(".asked")).to_have_text(f"You asked: {HOSTILE}")
    chat.ask("How do I hold a wobbling plank?")
    expect(chat.last.locator("h2")).to_have_text("How do I hold a wobbling plank?")
    expect(chat.last.locator(".text")).to_contain_text(HOSTILE)
    expect(chat.last.locator(".text td")).to_have_class("right")
    assert chat.page.evaluate("typeof hit") == "undefined"
    assert chat.page.locator("#log :is(script, img, a[href^='javascript'], [onerror])").count() == 0


def test_the_policy_refuses_what_is_not_of_the_page(chat, address):
    scripts = (("exchange.js", "text/javascript"), ("page.js", "text/javascript"))
    for path, kind in (("", "text/html"), ("page.css", "text/css"), *scripts):
        answer = chat.context.request.get(address + path)
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
    refused = chat.page.evaluate("""() => new Promise(done => {
        document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
        document.body.append(Object.assign(document.createElement("script"), {textContent: "hit = 1"}));
    })""")
    assert refused == "script-src-elem"
    assert chat.page.evaluate("typeof hit") == "undefined"
    assert "Content Security Policy" in chat.wrong.pop()


def test_what_the_browser_has_is_not_sent_again(chat, address):
    for path in ("", "page.css", "exchange.js", "page.js"):
        first = chat.context.request.get(address + path)
        assert first.headers["cache-control"] == "no-cache"
        again = chat.context.request.get(address + path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body()) == (304, b"")
        assert chat.context.request.head(address + path).headers["etag"] == first.headers["etag"]
        assert chat.context.request.get(address + path, headers={"If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize(
    ("logs", "words"), [(False, "Nothing of what you ask is kept"), (True, "is written into the log")]
)
def test_the_page_says_whether_questions_are_logged(page_index, logs, words):
    with TestClient(make_app(ServerOptions(index=page_index, log_questions=logs))) as client:
        assert words in client.get("/").text


def test_everything_by_keyboard(chat):
    keys = chat.page.keyboard
    keys.press("Tab")
    expect(chat.page.get_by_role("link", name="Go to the question box")).to_be_focused()
    keys.press("Enter")
    expect(chat.page.get_by_label("Your question")).to_be_focused()
    keys.type("a")
    keys.press("Shift+Enter")
    keys.type("b")
    expect(chat.page.locator("#question")).to_have_value("a\nb")
    chat.page.fill("#question", ROTATION)
    keys.press("Enter")
    expect(chat.last.locator("h2")).to_be_focused()
    keys.press("Tab")
    offer = chat.last.locator(".related button").first
    expect(offer).to_be_focused()
    wanted = offer.text_content()
    keys.press("Enter")
    expect(chat.last.locator("h2")).to_have_text(wanted)
    chat.page.locator("#show-told").focus()
    keys.press("Enter")
    expect(chat.page.get_by_role("heading", name="What you told me")).to_be_focused()
    keys.press("Escape")
    expect(chat.page.locator("#show-told")).to_be_focused()


def test_the_first_view_offers_questions_to_begin_with(chat):
    example = chat.page.locator(".welcome button").first
    question = example.text_content()
    example.click()
    expect(chat.last.locator("h2")).to_have_text(question)


def test_too_many_at_once_is_told_and_tried_again(chat):
    busy = {"status": 503, "headers": {"Retry-After": "1"}, "json": {"detail": "too many questions wait"}}
    chat.page.route("**/v1/ask", lambda route: route.fulfill(**busy), times=1)
    chat.ask(HOLD)
    expect(chat.last.get_by_role("alert")).to_contain_text("Too many people are asking just now.")
    expect(chat.last.get_by_role("button", name="Try again")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.last.locator("h2")).to_have_text(HOLD)
    expect(chat.last.locator(".failure")).to_have_count(0)
    expect(chat.page.locator(".exchange")).to_have_count(1)
    assert "503" in chat.wrong.pop()


def test_being_offline_is_told_and_tried_again(chat):
    chat.context.set_offline(True)
    chat.ask(HOLD)
    expect(chat.last.get_by_role("alert")).to_contain_text("You are offline.")
    chat.context.set_offline(False)
    chat.last.get_by_role("button", name="Try again").click()
    expect(chat.last.locator("h2")).to_have_text(HOLD)
    assert "ERR_INTERNET_DISCONNECTED" in chat.wrong.pop()


def test_a_server_that_is_gone_is_told(chat):
    chat.page.route("**/v1/ask", lambda route: route.abort("connectionrefused"))
    chat.ask(HOLD)
    expect(chat.last.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    assert "ERR_CONNECTION_REFUSED" in chat.wrong.pop()


def test_what_cannot_be_asked_is_given_back(chat):
    refused = {"status": 422, "json": {"detail": "the question is empty"}}
    chat.page.route("**/v1/ask", lambda route: route.fulfill(**refused))
    chat.ask("?")
    expect(chat.last.get_by_role("alert")).to_have_text("The question is empty.")
    expect(chat.page.locator("#question")).to_have_value("?")
    expect(chat.page.locator("#question")).to_be_focused()
    assert "422" in chat.wrong.pop()


def test_a_conversation_that_the_server_does_not_know_begins_anew(chat):
    chat.page.evaluate("sessionStorage.setItem('conversation', 'nonsense')")
    chat.page.reload()
    expect(chat.page.get_by_role("status")).to_contain_text("Going on from before.")
    chat.ask(HOLD)
    expect(chat.last.get_by_role("alert")).to_contain_text("a new one begins")
    chat.last.get_by_role("button", name="Try again").click()
    expect(chat.last.locator("h2")).to_have_text(HOLD)
    assert "422" in chat.wrong.pop()


def test_waiting_is_told_when_it_takes_long(chat):
    held = []
    chat.page.route("**/v1/ask", lambda route: held.append(route))
    chat.page.fill("#question", HOLD)
    chat.page.press("#question", "Enter")
    expect(chat.page.get_by_role("status")).to_have_text("Looking for an answer…")
    chat.page.fill("#question", "meanwhile")
    chat.page.press("#question", "Enter")  # not sent: one question at a time, and what was typed stays
    expect(chat.page.locator("#question")).to_have_value("meanwhile")
    held[0].continue_()
    expect(chat.last.locator("h2")).to_have_text(HOLD)
    expect(chat.page.get_by_role("status")).to_have_text("")
    assert len(held) == 1


def test_one_answer_is_printed_as_a_sheet_with_its_picture(chat):
    chat.ask(HOLD)
    chat.ask(ROTATION)
    chat.page.emulate_media(media="print")
    chat.page.evaluate("""() => {
        window.print = () => {
            window.dispatchEvent(new Event("beforeprint"));
            const picture = document.querySelector(".printed img").getBoundingClientRect();
            window.sheet = {text: document.body.innerText, title: document.title, picture: picture.width > 0};
            window.dispatchEvent(new Event("afterprint"));
        };
        document.querySelectorAll("[data-print]")[1].click();
    }""")
    sheet = chat.page.evaluate("sheet")
    assert (sheet["title"], sheet["picture"]) == (ROTATION, True)
    lines = sheet["text"].split("\n")
    assert lines[0] == ROTATION
    assert "Sit with your feet wide and let one knee fall inward. Change sides ten times." in lines
    assert "Raise one knee" in lines
    assert "not medical advice" in sheet["text"]
    for absent in (HOLD, "Continue with", "Print this answer", "You asked", "What you told me", "Your question"):
        assert absent not in sheet["text"]
    chat.page.emulate_media(media="screen")
    assert chat.page.locator(".printed").count() == 0
    expect(chat.page.locator(".exchange").first).to_be_visible()
    expect(chat.last.locator(".advice p")).to_be_hidden()
    assert chat.page.title() == chat.page.locator("h1").text_content()


def test_sources_are_on_paper(chat):
    chat.ask(HOLD)
    chat.page.emulate_media(media="print")
    chat.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(chat.last.locator(".sources li").first).to_be_visible()
    assert chat.page.pdf(format="A4").startswith(b"%PDF")


def test_it_moves_only_for_those_who_want_it_to(browser, address):
    for wanted, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        chat = Chat(browser, address, reduced_motion=wanted)
        assert chat.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
        chat.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (360, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, address, axe, width, scheme):
    chat = Chat(browser, address, width, scheme)
    offers = Reply("clarify", "hips", "No advice.", 0.4, suggestions=OFFERS)
    views = (lambda: None, lambda: chat.ask(ROTATION), lambda: chat.ask("hips"), lambda: chat.ask(NUMB))
    for number, view in enumerate(views):
        if number == 2:
            body = told(offers)
            chat.page.route("**/v1/ask", lambda route: route.fulfill(body=body), times=1)  # noqa: B023
        view()
        assert chat.violations(axe) == []
        assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    chat.page.click("#show-told")
    expect(chat.page.get_by_role("dialog")).to_be_visible()
    assert chat.violations(axe) == []
    dark = scheme == "dark"
    assert (
        chat.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 26, 27)"
    ) == dark
    assert chat.wrong == []
    chat.context.close()
