"""Keeping a movement on the page, and practising: in this browser alone, by keyboard, by clock, on paper."""

import json

import pytest
import vobject
from playwright.sync_api import expect

from tests.serving.page.conftest import Chat

HIP = "How do I stretch my hip flexors?"
ROTATION = "How do I improve hip rotation?"
HOLD = "How long should I hold a stretch?"
KEEP = "Keep in my routine"
KEPT = "Kept in your routine, in this browser only."
BAD_STAGE = (
    '{"version":1,"calendar":"a","movements":[{"id":"a","title":"A","amount":"a","card":"","stop":"","avoid":[],'
    '"order":[0,0],"stages":[null]}]}'
)
FILL = """() => {
    let text = "";
    for (let size = 2 ** 23; size >= 1; size /= 2) {
        try {
            localStorage.setItem("others", text + "x".repeat(size));
            text += "x".repeat(size);
        } catch {}
    }
}"""


def keep(chat, question):
    chat.ask(question)
    chat.last.get_by_role("button", name=KEEP).click()


def stored(chat):
    return chat.page.evaluate("JSON.parse(localStorage.getItem('routine'))")


def rows(chat):
    return chat.page.locator("#routine-list li strong").all_text_contents()


@pytest.fixture
def full(chat):
    """A page with two movements on its list, and a clock that stands still until it is moved."""
    keep(chat, HIP)
    keep(chat, ROTATION)
    chat.page.clock.install()
    chat.page.click("#show-routine")
    return chat


def begin(chat):
    chat.page.click("#start-routine")
    chat.page.click("#begin")


def face(chat, name):
    return chat.page.locator(f"#practice [data-face={name}]")


def test_a_movement_is_kept_in_this_browser_alone(chat):
    keep(chat, HIP)
    star = chat.last.get_by_role("button", name=KEEP)
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(chat.page.locator("#status")).to_have_text(KEPT)
    expect(chat.page.locator("#show-routine")).to_have_text("My routine (1)")
    (movement,) = stored(chat)["movements"]
    assert (movement["id"], movement["title"], movement["amount"]) == ("hip-flexor-stretch", HIP, "Hold 30 s.")
    assert [(each["words"], each["seconds"]) for each in movement["stages"]] == [("Get ready", 10), ("Hold", 30)]
    chat.page.reload()
    expect(chat.page.locator("#show-routine")).to_have_text("My routine (1)")
    chat.ask(HIP)
    star = chat.last.get_by_role("button", name=KEEP)
    expect(star).to_have_attribute("aria-pressed", "true")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "false")
    expect(chat.page.locator("#show-routine")).to_have_text("My routine")
    assert stored(chat)["movements"] == []


def test_the_server_hears_nothing_of_it(chat):
    chat.ask(HIP)
    chat.ask(ROTATION)
    chat.page.wait_for_load_state("networkidle")
    heard = len(chat.requested)
    for star in chat.page.get_by_role("button", name=KEEP).all():
        star.click()
    chat.page.click("#show-routine")
    chat.page.get_by_role("button", name=f"Move down: {HIP}").click()
    begin(chat)
    for _ in range(3):
        face(chat, "skip").click()
    chat.page.evaluate("window.print = () => {}")
    chat.page.click("#routine [data-face=stop]")
    chat.page.click("#print-routine")
    assert [url for url in chat.requested[heard:] if "/v1/figures/" not in url] == []
    assert chat.context.cookies() == []


def test_what_teaches_no_movement_has_no_star(chat):
    for asked in (HOLD, "thanks", "hand gone numb since i fell"):
        chat.ask(asked)
        expect(chat.last.get_by_role("button", name=KEEP)).to_have_count(0)


def test_the_list_is_changed_and_keeps_the_focus(full):
    expect(full.page.locator("#routine-told")).to_have_text("2 movements, about 1 minute, 1 counted by hand.")
    assert rows(full) == [HIP, ROTATION]
    full.page.get_by_role("button", name=f"Move down: {HIP}").click()
    assert rows(full) == [ROTATION, HIP]
    expect(full.page.get_by_role("button", name=f"Move up: {HIP}")).to_be_focused()
    expect(full.page.get_by_role("button", name=f"Move down: {HIP}")).to_be_disabled()
    full.page.get_by_role("button", name="Standing first").click()
    assert rows(full) == [ROTATION, HIP]
    full.page.get_by_role("button", name=f"Take out: {ROTATION}").click()
    expect(full.page.get_by_role("button", name=f"Take out: {HIP}")).to_be_focused()
    full.page.get_by_role("button", name=f"Take out: {HIP}").click()
    expect(full.page.locator("#routine-told")).to_contain_text("Nothing yet.")
    expect(full.page.locator("#start-routine")).to_be_hidden()


def test_two_tabs_have_one_list(full):
    other = full.context.new_page()
    other.goto(full.address)
    other.click("#show-routine")
    other.get_by_role("button", name=f"Take out: {HIP}").click()
    expect(full.page.locator("#routine-list li")).to_have_count(1)
    assert rows(full) == [ROTATION]


def test_of_two_tabs_with_two_wordings_the_newer_is_kept_and_written_once(chat):
    keep(chat, HIP)

    def reworded(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("Hold 30 s.", "Hold 31 s."))

    other = chat.context.new_page()
    other.route("**/v1/ask", reworded)
    other.goto(chat.address)
    for page in (chat.page, other):
        page.evaluate("""() => {
            const write = Storage.prototype.setItem;
            window.written = window.heard = 0;
            Storage.prototype.setItem = function (name, value) {
                if (name === "routine") written += 1;
                write.call(this, name, value);
            };
            addEventListener("storage", () => { heard += 1; });
        }""")
    other.fill("#question", HIP)
    other.press("#question", "Enter")
    other.locator(".reply").wait_for()
    chat.page.wait_for_function("() => heard > 0")
    assert [page.evaluate("written") for page in (chat.page, other)] == [0, 1]
    assert [each["amount"] for each in stored(chat)["movements"]] == ["Hold 31 s."]
    other.close()


@pytest.mark.parametrize("broken", ["{", BAD_STAGE])
def test_a_broken_list_is_told_and_stays_until_it_is_given_up(chat, broken):
    chat.page.evaluate("text => localStorage.setItem('routine', text)", broken)
    chat.page.reload()
    chat.ask(HIP)
    chat.last.get_by_role("button", name=KEEP).click()
    expect(chat.page.get_by_role("dialog")).to_contain_text("cannot be read. It was left as it is.")
    assert chat.page.evaluate("localStorage.getItem('routine')") == broken
    chat.page.click("#begin-anew")
    expect(chat.page.locator("#routine-broken")).to_be_hidden()
    assert stored(chat) is None


def test_where_nothing_may_be_stored_it_is_kept_by_the_page(chat):
    chat.page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    chat.page.reload()
    keep(chat, HIP)
    chat.page.click("#show-routine")
    assert rows(chat) == [HIP]
    expect(chat.page.locator("#routine-told")).to_contain_text("This browser keeps nothing")


def test_what_a_full_storage_does_not_take_is_told_and_tried_again(chat):
    chat.page.evaluate(FILL)
    keep(chat, HIP)
    expect(chat.page.locator("#status")).to_have_text(
        "Put in your routine. This browser keeps nothing of it, so it is gone once you close this page."
    )
    assert stored(chat) is None
    chat.page.evaluate("localStorage.removeItem('others')")
    keep(chat, ROTATION)
    expect(chat.page.locator("#status")).to_have_text(KEPT)
    assert [each["title"] for each in stored(chat)["movements"]] == [HIP, ROTATION]


def test_what_was_stored_before_the_storage_was_full_is_not_called_lost(chat):
    keep(chat, HIP)
    chat.page.evaluate(FILL)
    keep(chat, ROTATION)
    chat.page.click("#show-routine")
    assert rows(chat) == [HIP, ROTATION]
    expect(chat.page.locator("#routine-told")).to_contain_text("could not store your last changes")
    assert [each["title"] for each in stored(chat)["movements"]] == [HIP]


def test_before_it_begins_it_warns(full):
    full.page.click("#start-routine")
    expect(full.page.get_by_role("heading", name="Before you begin")).to_be_focused()
    expect(full.page.locator("#before")).to_contain_text("not medical advice")
    full.page.click("#back-to-list")
    expect(full.page.locator("#routine-title")).to_be_focused()


def test_a_warning_sign_that_was_named_comes_before_practising(chat):
    keep(chat, HIP)
    chat.ask("hand gone numb since i fell")
    first = "A warning sign that you named comes first: practise once someone has looked at it."
    for _ in range(2):
        chat.page.click("#show-routine")
        chat.page.click("#start-routine")
        expect(chat.page.locator("#routine-told")).to_have_text(first)
        expect(chat.page.locator("#before")).to_be_hidden()
        chat.page.reload()
    chat.page.evaluate("sessionStorage.clear()")
    chat.page.reload()
    chat.page.click("#show-routine")
    chat.page.click("#start-routine")
    expect(chat.page.locator("#before")).to_be_visible()


def test_a_countdown_by_the_clock(full):
    begin(full)
    expect(face(full, "pause")).to_be_focused()
    expect(face(full, "words")).to_have_text("Get ready")
    expect(face(full, "time")).to_have_text("0:10")
    expect(face(full, "next")).to_have_text("Next: Hold")
    full.page.clock.run_for(10_400)
    expect(face(full, "words")).to_have_text("Hold")
    expect(face(full, "said")).to_have_text(f"{HIP} Hold, 30 seconds.")
    full.page.clock.run_for(10_000)
    expect(face(full, "time")).to_have_text("0:20")
    face(full, "pause").click()
    expect(face(full, "pause")).to_have_text("Go on")
    full.page.clock.run_for(60_000)
    expect(face(full, "time")).to_have_text("0:20")
    face(full, "pause").click()
    full.page.clock.run_for(31_000)
    expect(face(full, "title")).to_have_text(ROTATION)
    full.page.clock.run_for(10_000)
    expect(face(full, "time")).to_have_text("by hand")
    expect(face(full, "how")).to_have_attribute("open", "")
    expect(face(full, "card")).to_contain_text("Sit with your feet wide")
    expect(face(full, "picture").get_by_role("img")).to_be_visible()
    full.page.clock.run_for(600_000)
    expect(face(full, "words")).to_have_text("As the steps say")
    face(full, "done").click()
    expect(full.page.locator("#routine-told")).to_have_text("Done. Well practised.")
    expect(full.page.locator("#practice")).to_be_hidden()


def test_skipping_and_going_back_by_keyboard(full):
    begin(full)
    keys = full.page.keyboard
    keys.press("Tab")
    expect(face(full, "skip")).to_be_focused()
    keys.press("Enter")
    expect(face(full, "words")).to_have_text("Hold")
    keys.press("Enter")
    expect(face(full, "title")).to_have_text(ROTATION)
    keys.press("Tab")
    keys.press("Enter")
    expect(face(full, "title")).to_have_text(HIP)
    keys.press("Escape")
    expect(full.page.get_by_role("dialog")).to_have_count(0)
    expect(full.page.locator("#show-routine")).to_be_focused()


def test_the_screen_stays_on_while_it_counts(full):
    full.page.evaluate("""() => {
        window.locks = [];
        const request = async kind => { locks.push(kind); return {release: async () => { locks.push("let go"); }}; };
        Object.defineProperty(navigator, "wakeLock", {value: {request}});
    }""")
    begin(full)
    full.page.wait_for_function("locks.length === 1")
    face(full, "stop").click()
    assert full.page.evaluate("locks") == ["screen", "let go"]


def test_on_paper_it_is_a_sheet_with_pictures(full):
    full.page.emulate_media(media="print")
    full.page.evaluate("""() => {
        window.print = () => {
            const picture = document.querySelector("#sheet img").getBoundingClientRect();
            window.printed = {text: document.body.innerText, picture: picture.width > 0};
        };
        document.getElementById("print-routine").click();
    }""")
    full.page.wait_for_function("() => window.printed")
    printed = full.page.evaluate("printed")
    assert printed["picture"]
    lines = printed["text"].split("\n")
    assert lines[0] == "My routine"
    assert {f"1. {HIP}", "Hold 30 s.", f"2. {ROTATION}"} <= set(lines)
    assert "Kneel on one knee" in printed["text"]
    assert "not medical advice" in printed["text"]
    for absent in ("Your question", "Continue with", "Start", "Take out"):
        assert absent not in lines
    full.page.emulate_media(media="screen")
    expect(full.page.locator("#sheet")).to_be_empty()


def test_it_is_printed_when_its_pictures_are_there(full):
    waiting = []
    full.page.route("**/v1/figures/**", lambda route: waiting.append(route))
    full.page.evaluate("""() => {
        document.querySelectorAll("img").forEach((picture) => picture.remove());
        const routine = JSON.parse(localStorage.getItem("routine"));
        routine.movements[0].card = routine.movements[0].card.replace('.svg"', '.svg?again"');
        localStorage.setItem("routine", JSON.stringify(routine));
        window.print = () => (window.printed = document.querySelector("#sheet img").complete);
        document.getElementById("print-routine").click();
    }""")
    full.page.wait_for_timeout(300)
    assert waiting
    assert full.page.evaluate("window.printed") is None
    for route in waiting:
        route.continue_()
    full.page.wait_for_function("() => window.printed")


def test_a_calendar_tells_what_is_gone(full):
    full.page.evaluate("""() => {
        const routine = JSON.parse(localStorage.getItem("routine"));
        routine.movements[0].id = "left-since";
        localStorage.setItem("routine", JSON.stringify(routine));
    }""")
    full.page.get_by_text("Put it in a calendar").click()
    save, said = full.page.get_by_role("button", name="Save a calendar file"), full.page.locator("#calendar-said")
    save.click()
    expect(said).to_have_text(f"No longer in the corpus: “{HIP}”. Take out what is gone, then save the file.")
    full.page.get_by_role("button", name=f"Take out: {ROTATION}").click()
    save.click()
    expect(said).to_have_text("Nothing of your routine is in the corpus any more.")
    assert all("422" in full.wrong.pop() for _ in range(2))


def test_a_calendar_file_is_made_without_the_name_of_the_list(full):
    sent = []
    full.page.on("request", lambda request: sent.append(request.post_data) if "routine.ics" in request.url else None)
    full.page.get_by_text("Put it in a calendar").click()
    full.page.get_by_label("Friday").uncheck()
    full.page.get_by_label("At", exact=True).fill("07:30")
    with full.page.expect_download() as download:
        full.page.get_by_role("button", name="Save a calendar file").click()
    assert download.value.suggested_filename == "my-routine.ics"
    event = vobject.readOne(download.value.path().read_text()).vevent
    assert event.rrule.value == "FREQ=WEEKLY;BYDAY=MO,WE"
    assert event.dtstart.value.strftime("%H:%M") == "07:30"
    name = stored(full)["calendar"]
    assert event.uid.value == f"{name}@flexbot.invalid"
    (body,) = sent
    assert name not in body
    assert json.loads(body)["entries"] == ["hip-flexor-stretch", "hip-internal-rotation"]


def test_a_calendar_needs_a_day_and_a_server(full):
    full.page.get_by_text("Put it in a calendar").click()
    for day in ("Monday", "Wednesday", "Friday"):
        full.page.get_by_label(day).uncheck()
    full.page.get_by_role("button", name="Save a calendar file").click()
    expect(full.page.locator("#calendar-said")).to_have_text("Choose a day at least.")
    full.page.get_by_label("Sunday").check()
    full.page.route("**/v1/routine.ics", lambda route: route.fulfill(status=503))
    full.page.get_by_role("button", name="Save a calendar file").click()
    expect(full.page.locator("#calendar-said")).to_contain_text("could not be made")
    assert "503" in full.wrong.pop()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(browser, address, axe, width, scheme):
    chat = Chat(browser, address, width, scheme, reduced_motion="reduce")

    def sound():
        assert chat.violations(axe) == []
        assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert chat.page.evaluate("document.getElementById('routine').scrollWidth <= innerWidth")

    chat.page.click("#show-routine")
    sound()
    chat.page.click("#close-routine")
    keep(chat, HIP)
    keep(chat, ROTATION)
    sound()
    chat.page.click("#show-routine")
    chat.page.get_by_text("Put it in a calendar").click()
    sound()
    chat.page.click("#start-routine")
    sound()
    chat.page.click("#begin")
    for _ in range(3):
        sound()
        face(chat, "skip").click()
    assert chat.wrong == []
    chat.context.close()
