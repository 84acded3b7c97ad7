"""Markdown as HTML, by the texts that writers send."""

import pytest

from chatbot.text.html import to_html

NUMBERS = {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Hold **30 s** [@a].", "<p>Hold <strong>30 s</strong> [1].</p>"),
        ("[@a; @b; @z] Hold[@z].", "<p>[1; 2] Hold.</p>"),
        ("2 < 3 & 4 > 3", "<p>2 &lt; 3 &amp; 4 &gt; 3</p>"),
        ("`[@a] <b>`", "<p><code>[@a] &lt;b&gt;</code></p>"),
        ("a &lt;b&gt; \\<i>", "<p>a &lt;b&gt; &lt;i&gt;</p>"),
        ("a <b>bold</b><script>alert(1)</script> text<!-- ours -->", "<p>a bold text</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](https://example.org)", '<p><a href="https://example.org">x</a></p>'),
        ('![a "b" <c>](https://example.org/x.png)', "<p>a &quot;b&quot; &lt;c&gt;</p>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("a\\\nb\nc", "<p>a<br />\nb\nc</p>"),
        ("``` <x>\n<b>\n```", '<pre><code class="language-&lt;x&gt;">&lt;b&gt;\n</code></pre>'),
        ("a&#27;[31m b", "<p>a\ufffd[31m b</p>"),
    ],
)
def test_what_is_written(markdown, html):
    assert to_html(markdown, NUMBERS) == html


def test_a_table():
    written = to_html("| a | b |\n|---|--:|\n| 1 | <i>2</i> |", NUMBERS)
    assert written.replace("\n", "") == (
        '<table><thead><tr><th>a</th><th style="text-align:right">b</th></tr></thead>'
        '<tbody><tr><td>1</td><td style="text-align:right">2</td></tr></tbody></table>'
    )
