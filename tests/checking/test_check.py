"""`flexbot check`, whole."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("quick_builds")


def test_check_says_clean_warnings_or_errors_by_its_status(main, index, tmp_path):
    path = tmp_path / "faq.jsonl"
    entry = {"id": "a", "question": "Why?", "alternate_questions": ["what for"], "answer": "So."}
    path.write_text(json.dumps(entry) + "\n")
    clean = main("check", "--corpus", path, "--index", index)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert clean.stdout.splitlines()[-1] == "0 errors, 0 warnings"

    path.write_text(json.dumps(entry | {"alternate_questions": ["what for", "What for?"]}) + "\n")
    warned = main("check", "--corpus", path, "--index", index)
    assert warned.returncode == 1
    assert warned.stdout.splitlines()[-2:] == [  # last, where a small screen still shows them
        f"{path}:1: warning: the phrasing 'What for?' stands twice in this entry; remove one",
        "0 errors, 1 warning",
    ]

    path.write_text(json.dumps(entry | {"kind": "odd"}) + "\n")
    wrong = main("check", "--corpus", path, "--index", index)
    assert wrong.returncode == 2
    assert wrong.stdout.splitlines()[-3:] == [
        f"{path}:1: 'kind' is 'odd'; it must be one of answer, urgent, small-talk, all-clear",
        "Questions were not compared: that needs an index, and the corpus has errors.",
        "1 error, 0 warnings",
    ]


def test_k27_check_finds_a_list_that_is_torn(main, corpus, index):
    path = corpus / "hips" / "hip-flexor-stretch.md"
    text = path.read_text()
    line = text[: text.index("avoid_if:")].count("\n") + 1
    path.write_text(text.replace("[recent hip replacement]", "[one calf that is swollen, warm and painful]"))
    done = main("check", "--corpus", corpus, "--index", index)
    (found,) = (line for line in done.stdout.splitlines() if "reads as the end" in line)
    assert found.startswith(
        f"{path}:{line}: warning: 'warm and painful' reads as the end of 'one calf that is swollen'"
    )


def test_k11_what_only_follows_from_an_error_is_not_reported(main, corpus, index):
    before = main("check", "--corpus", corpus, "--index", index).stdout.splitlines()
    path = corpus / "dose" / "how-long-hold.md"
    assert f"{path}:" in "".join(before)  # it has warnings of its own
    path.write_text(path.read_text().replace("question: ", "question: How: ", 1))
    after = main("check", "--corpus", corpus, "--index", index).stdout.splitlines()
    told = [line for line in after if line.startswith(str(corpus))]
    ours = f"{path}:2: not valid YAML (mapping values are not allowed in this context); put it in quotes"
    assert [line for line in told if line not in before] == [ours]
    assert [line for line in told if line.startswith(str(path))] == [ours]


def test_check_finds_a_question_in_the_wrong_entry_with_the_real_model(main, corpus, index):
    path = corpus / "hips" / "pigeon-pose.md"
    moved = "how many times a week should I stretch"
    path.write_text(path.read_text().replace("alternate_questions:\n", f"alternate_questions:\n  - {moved}\n"))
    done = main("check", "--corpus", corpus, "--index", index)
    assert [line for line in done.stdout.splitlines() if " nearer to " in line or " asks what " in line] == [
        f"{path}:4: warning: {moved!r} is nearer to 'how-often-stretch' than to the rest of its own entry;"
        " move it there, or say here what it is about"
    ]


def test_check_calls_an_unverified_source_an_error(main, corpus, index):
    done = main("check", "--corpus", corpus, "--index", index)
    source = "the source 'behm-2016-review' is cited but not verified; check it against its record"
    assert f"{corpus}/sources.yaml:11: {source}" in done.stdout.splitlines()
    assert done.returncode == 2
