"""The index as a page for people. Without scripts, and without anything from elsewhere."""

from collections.abc import Iterable, Iterator
from html import escape
from http import HTTPStatus

from workbench.lab.addresses import Addresses
from workbench.lab.scenario import Scenario
from workbench.lab.steps import Drip, Send, Step
from workbench.lab.words import describe_promise, describe_step, glyphs

MAX_SHOWN_BYTES = 600
"""Bytes of a step that the index shows."""

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: light-dark(#555, #aaa); --mark: light-dark(#0b57d0, #8ab4f8); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
a { color: var(--mark); } p { margin: .4rem 0; } .quiet { color: var(--quiet); }
code, pre { font: 13px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; margin: .4rem 0; }
details { border-top: 1px solid var(--line); padding: .25rem 0; }
summary { cursor: pointer; display: flex; gap: 1rem; align-items: baseline; }
summary::before { content: "▸"; color: var(--quiet); } details[open] > summary::before { content: "▾"; }
summary .name { flex: 0 0 15rem; font-family: ui-monospace, monospace; font-size: 13px; }
summary .title { flex: 1; } summary .quiet { font-size: 13px; text-align: right; }
details > div { margin: .4rem 0 1rem 1.9rem; } nav { margin: 1rem 0; } nav a { margin-right: 1rem; white-space: nowrap; }
@media (max-width: 40rem) { summary { flex-wrap: wrap; gap: 0 1rem; } summary .name { flex: 1 1 80%; } summary .title { margin-left: 1.9rem; } }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def index_html(scenarios: Iterable[Scenario], addresses: Addresses) -> str:
    """Write the list of all scenarios, each with what it teaches and where it is."""
    listed = tuple(scenarios)
    groups: dict[str, list[Scenario]] = {}
    for scenario in listed:
        groups.setdefault(scenario.group, []).append(scenario)
    body = [*_top(len(listed), addresses), "<nav>"]
    body += [f'<a href="#{_anchor(group)}">{escape(group)}</a>' for group in groups]
    body.append("</nav>")
    for group, members in groups.items():
        body.append(f'<h2 id="{_anchor(group)}">{escape(group)}</h2>')
        for scenario in members:
            body += _entry(scenario, addresses)
    return _PAGE.format(title="Workbench lab", style=_STYLE, body="\n".join(body))


def _top(count: int, addresses: Addresses) -> Iterator[str]:
    yield "<h1>Workbench lab</h1>"
    yield (
        f"<p>A server that behaves, and misbehaves, on purpose and byte for byte: {count} scenarios. The first "
        "segment of a path names the one that answers; the scenario sees the rest. Open one for what it teaches, "
        "and follow its name to meet it. Those without a link begin before the first request, with a tunnel or "
        "with TLS, and need a port of their own.</p>"
    )
    yield (
        f'<p class="quiet">HTTP: <code>{escape(addresses.origin)}/</code> · HTTPS: '
        f'<code>{escape(addresses.tls_origin)}/</code>, which verifies with <a href="/ca.pem">ca.pem</a> · '
        'for programs: <a href="/index.json">index.json</a>, <a href="/index.txt">index.txt</a> · '
        '<a href="/client.pem">client.pem</a> is for servers that ask for a client certificate</p>'
    )


def _entry(scenario: Scenario, addresses: Addresses) -> Iterator[str]:
    name = escape(scenario.name)
    yield f'<details id="{name}">'
    place, how = _place(scenario, addresses)
    yield (
        f'<summary><span class="name">{place}</span><span class="title">{escape(scenario.title)}</span>'
        f'<span class="quiet">{escape(describe_promise(scenario.promise))}</span></summary>'
    )
    yield f"<div><p>{escape(scenario.teaches)}</p>"
    yield f'<p class="quiet">{escape(scenario.section)}</p>'
    yield how
    steps = "\n".join(line for step in scenario.steps for line in _step_lines(step))
    yield f'<p class="quiet">The server:</p><pre>{escape(steps)}</pre>'
    if scenario.name in addresses.own:
        yield f'<p class="quiet">For its own port:</p><pre>{escape(scenario.script)}</pre>'
    yield "</div></details>"


def _step_lines(step: Step) -> Iterator[str]:
    """Say what a step does, and show its bytes line by line."""
    if not isinstance(step, Send | Drip):
        yield describe_step(step)
        return
    yield describe_step(step).partition(":")[0] + ":"
    for line in step.data[:MAX_SHOWN_BYTES].splitlines(keepends=True):
        yield f"    {glyphs(line)}"
    if len(step.data) > MAX_SHOWN_BYTES:
        yield "    …"


def _place(scenario: Scenario, addresses: Addresses) -> tuple[str, str]:
    """Say where a scenario is: its name as a link, where a link can lead there, and a command."""
    name = escape(scenario.name)
    own = addresses.own.get(scenario.name)
    if not scenario.own_port:
        url = escape(addresses.url(scenario.name))
        also = f" · its own port: <code>{escape(own)}</code>" if own else ""
        return f'<a href="/{name}/">{name}</a>', f"<p><code>curl -i {url}</code>{also}</p>"
    if own:
        return f'<a href="{escape(own)}/">{name}</a>', f"<p><code>{escape(own)}/</code></p>"
    command = f"workbench lab --ports {name}"
    return (
        name,
        f'<p class="quiet">No path leads here, it needs a port of its own: <code>{command}</code></p>',
    )


def _anchor(group: str) -> str:
    return "group-" + "".join(letter if letter.isalnum() else "-" for letter in escape(group).lower())


def error_html(status: int, words: str, near: Iterable[str]) -> str:
    """Write a page that says what is wrong, with links to what may have been meant."""
    title = f"{status} {HTTPStatus(status).phrase}"
    links = "".join(f'<p><a href="/{escape(name)}/">{escape(name)}</a></p>' for name in near)
    body = f'<h1>{title}</h1><p>{escape(words)}</p>{links}<p><a href="/">All scenarios</a></p>'
    return _PAGE.format(title=title, style=_STYLE, body=body)
