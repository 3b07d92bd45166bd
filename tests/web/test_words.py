"""The two languages, the icons, and that every code has words."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from entrepot.channels.problems import PROBLEMS
from entrepot.channels.services.doctor import FINDINGS
from entrepot.channels.words import messages, problem_sentence
from entrepot.orders.flow import ORDER_FLOW
from entrepot.orders.models import Status
from entrepot.web.order_page.moves import BY_MOVE
from entrepot.web.wording import story, words
from entrepot.web.wording.labels import LABELS
from entrepot.web.wording.marks import ORDER
from tools import icons, translations

STATIC = Path("src/entrepot/web/static")
TEMPLATES = Path("src/entrepot/web/templates")


def test_the_korean_catalogue_is_complete_and_compiled() -> None:
    assert translations.check() == []


def test_a_forgotten_translation_would_be_noticed() -> None:
    catalogue = translations.kept()
    catalogue.add("A sentence nobody translated")

    assert "no translation: A sentence nobody translated" in translations.untranslated(catalogue)


def test_a_translation_that_loses_a_field_would_be_noticed() -> None:
    catalogue = translations.kept()
    catalogue.add("%(n)s of {total}", "전체")

    assert "other fields: %(n)s of {total} → 전체" in translations.untranslated(catalogue)


def test_sentences_are_spoken_in_the_reader_s_language() -> None:
    with translation.override("ko"):
        assert problem_sentence("listing_missing", {"title": "양말"}) == "‘양말’ 상품이 쇼핑몰에 더 이상 없습니다."
        assert words.label("duplicate_sku") == "SKU 중복"


def test_a_reason_kept_as_a_msgid_is_spoken_too() -> None:
    fields = {
        "reason": "The store refused this. no Correct it, then try again.",
        "reason_msgid": messages()["channel_down"],
        "error_code": "channel_down",
    }
    with translation.override("ko"):
        said = problem_sentence("webhook_not_registered", fields)

    assert said == (
        "쇼핑몰에 변경 알림을 요청하지 못했습니다: 쇼핑몰에 연결할 수 없습니다. Entrepot가 계속 다시 시도합니다."
    )


def test_every_problem_finding_status_and_step_has_its_words_and_look() -> None:
    assert set(PROBLEMS) - set(LABELS) == set()
    assert set(FINDINGS) - set(LABELS) == set()
    assert set(Status) - set(ORDER) == set()
    assert {row.name for row in ORDER_FLOW.moves} - set(story.SENTENCES) == set()


def test_every_button_is_a_move_of_the_flow() -> None:
    assert set(BY_MOVE) - {row.name for row in ORDER_FLOW.moves} == set()


def test_the_sprite_holds_exactly_the_icons_that_are_used() -> None:
    assert icons.sprite_icons() == icons.named_icons()


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")) + sorted(STATIC.rglob("*.js")), ids=str)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    outside = re.findall(r"(?:url\(|import\s*|src=)[\"']?(https?://[^\"')]+)", text)
    assert outside == []
    assert "sourceMappingURL" not in text


def test_the_tutorials_name_only_words_that_are_on_the_screen() -> None:
    catalogue = translations.kept()
    english = {message.id if isinstance(message.id, str) else message.id[-1] for message in catalogue if message.id}
    korean = {message.string if isinstance(message.string, str) else message.string[-1] for message in catalogue}

    for page, on_screen in (("docs/tutorial.md", english), ("docs/ko/tutorial.md", korean)):
        named = re.findall(r"\*\*([^*]+)\*\*", Path(page).read_text())
        said = {re.sub(r"(?<=Why is it )3|(?<=왜 )3(?=개)", "%(n)s", words_there) for words_there in named}
        assert said - on_screen - {"bold", "굵은 글씨"} == set()
        assert len(said) > 15


def test_a_refusal_of_a_code_that_nobody_knows_any_more_says_so_in_words() -> None:
    assert words.code_sentence("opencart_not_found") == "No reason was given. The payload journal holds the answer."
    assert words.code_sentence("opencart_not_found", "The shop no longer has this product.") == (
        "The shop no longer has this product."
    )


def test_every_empty_state_has_its_icon() -> None:
    states = [
        (path.name, state)
        for path in TEMPLATES.rglob("*.html")
        for state in re.findall(r'include "web/parts/empty\.html"([^%]*)', path.read_text())
    ]
    assert len(states) > 100
    assert [one for one in states if 'icon="' not in one[1]] == []
