"""The scripts themselves, one for each shell. All that is put into them is quoted for it."""

import re
import shlex
from collections.abc import Iterator

from workbench.cli.completion_table import Described, Flag, Value


def bash_script(commands: list[Described]) -> str:
    """Write the script for bash. It needs nothing of the package bash-completion.

    Args:
        commands: The one without a word first.
    """
    main, *others = commands
    names = " ".join(one.name for one in others)
    lines = [
        "# Completion of workbench for bash. Written by: workbench completion bash",
        "_workbench() {",
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= first=1 position=0 i",
        f'    case " {names} " in *" ${{COMP_WORDS[1]}} "*) ((COMP_CWORD > 1)) && command=${{COMP_WORDS[1]}} ;; esac',
        "    [[ -n $command ]] && first=2",
        "    COMPREPLY=()",
        '    _workbench_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }',
        '    _workbench_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }',
        '    _workbench_folders() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); }',
        "    case $command:$prev in",
        *(f"        {line}" for one in commands for line in _bash_flag_values(one)),
        "    esac",
        "    if [[ $cur == -* ]]; then",
        "        case $command in",
        *(
            f"            {_bash_pattern(one)}) _workbench_words {_words(name for flag in one.flags for name in flag.names)} ;;"
            for one in commands
        ),
        "        esac",
        "        return",
        "    fi",
        "    for ((i = first; i < COMP_CWORD; i++)); do [[ ${COMP_WORDS[i]} == -* ]] || ((position++)); done",
        "    case $command:$position in",
        f'        :0) _workbench_files; COMPREPLY+=($(compgen -W {shlex.quote(names)} -- "$cur")) ;;',
        *(f"        {line}" for one in others for line in _bash_positions(one)),
        "    esac",
        "}",
        "complete -F _workbench workbench",
    ]
    assert main.name == ""
    return "\n".join(lines) + "\n"


def _bash_pattern(one: Described) -> str:
    return one.name or '""'


def _bash_flag_values(one: Described) -> Iterator[str]:
    for flag in one.flags:
        if flag.value is not None:
            patterns = "|".join(f"{one.name}:{name}" for name in flag.names)
            yield f"{patterns}) {_bash_value(flag.value)}; return ;;"


def _bash_positions(one: Described) -> Iterator[str]:
    for number, value in enumerate(one.values):
        last = number == len(one.values) - 1
        yield f"{one.name}:{'*' if last else number}) {_bash_value(value)} ;;"


def _bash_value(value: Value) -> str:
    calls = {"files": "_workbench_files", "directories": "_workbench_folders", "": ":"}
    return calls.get(value.sort) or f"_workbench_words {_words(value.words)}"


def _words(words: "Iterator[str] | tuple[str, ...]") -> str:
    return shlex.quote(" ".join(words))


# --- fish ----------------------------------------------------------------------------------------


def fish_script(commands: list[Described]) -> str:
    """Write the script for fish.

    Args:
        commands: The one without a word first.
    """
    others = commands[1:]
    none = f"not __fish_seen_subcommand_from {' '.join(one.name for one in others)}"
    lines = [
        "# Completion of workbench for fish. Written by: workbench completion fish",
        *(f"complete -c workbench -n {_fish(none)} -a {one.name} -d {_fish(one.summary)}" for one in others),
        *(line for one in commands for line in _fish_lines(one, none)),
    ]
    return "\n".join(lines) + "\n"


def _fish_lines(one: Described, none: str) -> Iterator[str]:
    begin = (
        f"complete -c workbench -n {_fish(f'__fish_seen_subcommand_from {one.name}' if one.name else none)}"
    )
    if one.name and not any(value.sort == "files" for value in one.values):
        yield f"{begin} -f"
    for value in one.values:
        if value.sort == "words":
            yield f"{begin} -a {_fish(' '.join(value.words))}"
    for flag in one.flags:
        yield f"{begin} {_fish_flag(flag)}"


def _fish_flag(flag: Flag) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in flag.names)
    return f"{names} {_fish_value(flag.value)}-d {_fish(flag.help)}"


def _fish_value(value: Value | None) -> str:
    if value is None:
        return ""
    if value.sort == "words":
        return f"-x -a {_fish(' '.join(value.words))} "
    if value.sort == "directories":
        return "-x -a '(__fish_complete_directories)' "
    return "-r -F " if value.sort == "files" else "-x "


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


# --- zsh -----------------------------------------------------------------------------------------


def zsh_script(commands: list[Described]) -> str:
    """Write the script for zsh.

    Args:
        commands: The one without a word first.
    """
    main, *others = commands
    described = " ".join(shlex.quote(f"{one.name}:{one.summary}") for one in others)
    lines = [
        "#compdef workbench",
        "# Completion of workbench for zsh. Written by: workbench completion zsh",
        "_workbench() {",
        f"    local -a commands=({described})",
        "    if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then",
        "        _describe command commands",
        "        _files",
        "        return",
        "    fi",
        "    local command=$words[2]",
        f'    if [[ " {" ".join(one.name for one in others)} " == *" $command "* ]]; then',
        "        shift words",
        "        ((CURRENT--))",
        "    else",
        "        command=",
        "    fi",
        "    case $command in",
    ]
    for one in (*others, main):
        specs = " \\\n            ".join(_zsh_specs(one))
        lines += [f"        {one.name or chr(42)})", f"            _arguments \\\n            {specs} ;;"]
    lines += [
        "    esac",
        "}",
        'if [[ $funcstack[1] == _workbench ]]; then _workbench "$@"; else compdef _workbench workbench; fi',
    ]
    return "\n".join(lines) + "\n"


def _zsh_specs(one: Described) -> Iterator[str]:
    for flag in one.flags:
        value = "" if flag.value is None else f":{_zsh_text(flag.value.name)}:{_zsh_action(flag.value)}"
        for name in flag.names:
            yield shlex.quote(f"*{name}[{_zsh_text(flag.help)}]{value}")
    for number, taken in enumerate(one.values):
        place = "*" if number == len(one.values) - 1 else str(number + 1)
        yield shlex.quote(f"{place}:{_zsh_text(taken.name)}:{_zsh_action(taken)}")


def _zsh_action(value: Value) -> str:
    actions = {"files": "_files", "directories": "_files -/", "": " "}
    return actions.get(value.sort) or f"({' '.join(map(_zsh_text, value.words))})"


def _zsh_text(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)
