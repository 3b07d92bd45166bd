"""One design language: colours, sizes of type, corners and weights are named once, in tokens.css."""

import re
from pathlib import Path

import pytest

LOOK = Path("src/entrepot/web/static/web")
OTHERS = sorted(path for path in LOOK.glob("*.css") if path.name != "tokens.css")
LITERALS = {
    "a colour": r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b",
    "a size of type": r"font-size:\s*[\d.]+(?:px|rem)",
    "a weight": r"font-weight:\s*(?:\d|bold)",
    "a corner": r"border-radius:[^;}]*\b[1-9][\d.]*(?:px|rem)",
    "a typeface": r"font-family:(?!\s*(?:var|inherit))",
}


def literals(text: str) -> list[str]:
    """What a style sheet says by itself that it should take from the tokens."""
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return [f"{what}: {found[0]}" for what, pattern in LITERALS.items() for found in re.finditer(pattern, plain)]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_no_sheet_but_the_tokens_names_a_colour_a_size_a_weight_or_a_corner(path: Path) -> None:
    assert literals(path.read_text()) == []


def test_a_literal_would_be_noticed() -> None:
    assert literals(".x { color: #fff; font-size: 13px; border-radius: 50% 4px; font-weight: 600 } /* #000 */") == [
        "a colour: #fff",
        "a size of type: font-size: 13px",
        "a weight: font-weight: 6",
        "a corner: border-radius: 50% 4px",
    ]


def test_every_token_that_is_used_exists_and_every_one_of_ours_is_used() -> None:
    said = {path.name: path.read_text() for path in LOOK.glob("*.css")}
    made = set(re.findall(r"(--(?!tblr)[a-z][a-z0-9-]*)\s*:", "".join(said.values())))
    used = set(re.findall(r"var\((--(?!tblr)[a-z][a-z0-9-]*)", "".join(said.values())))

    scripts = "".join(path.read_text() for path in LOOK.glob("*.js"))
    assert used - made == set()
    assert {name for name in made - used if name not in scripts and not name.startswith("--chart-")} == set()


def test_light_and_dark_name_the_same_colours() -> None:
    text = (LOOK / "tokens.css").read_text()
    dark = re.search(r'\[data-bs-theme="dark"\] \{(.*?)\n\}', text, re.DOTALL)
    light = re.search(r":root \{(.*?)\n\}", text, re.DOTALL)
    assert dark is not None
    assert light is not None
    colours = {
        name: set(re.findall(r"(--(?:ink|bg|chart)-?[a-z0-9-]*|--page|--sheet|--soft|--line)\s*:", body[1]))
        for name, body in (("dark", dark), ("light", light))
    }

    assert colours["dark"] == colours["light"]
